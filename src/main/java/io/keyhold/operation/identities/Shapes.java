package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.iam.Entity;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.iam.RoleTerms;
import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.AttachedPermissionsBoundary;
import io.keyhold.v1.AttachedPolicy;
import io.keyhold.v1.Group;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.Policy;
import io.keyhold.v1.PolicyVersion;
import io.keyhold.v1.Role;
import io.keyhold.v1.User;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Users, groups, roles and policies as callers see them. */
final class Shapes {

    static final Listing<Map.Entry<String, String>> TAGS =
            new Listing<>("Tags", Map.Entry::getKey, Shapes::tag);

    private Shapes() {}

    /** The pages of a list of users, groups or roles. */
    static Listing<Entity> listing(String field) {
        return new Listing<>(
                field, entity -> entity.name().toLowerCase(Locale.ROOT), Shapes::inList);
    }

    /** Without what IAM leaves out of lists. */
    private static Message inList(Entity entity) {
        return of(entity.with(Tags.NONE).within(Optional.empty()));
    }

    /** A User, a Group or a Role. */
    static Message of(Entity entity) {
        return switch (entity.kind()) {
            case USER -> user(entity);
            case GROUP -> group(entity);
            case ROLE -> role(entity);
        };
    }

    private static User user(Entity user) {
        User.Builder shape =
                User.newBuilder()
                        .setPath(user.path())
                        .setUserName(user.name())
                        .setUserId(user.uniqueId())
                        .setArn(user.arn().toString())
                        .setCreateDate(Timestamps.of(user.createdAt()))
                        .addAllTags(tags(user));
        user.permissions()
                .boundary()
                .map(Shapes::boundary)
                .ifPresent(shape::setPermissionsBoundary);
        return shape.build();
    }

    private static Group group(Entity group) {
        return Group.newBuilder()
                .setPath(group.path())
                .setGroupName(group.name())
                .setGroupId(group.uniqueId())
                .setArn(group.arn().toString())
                .setCreateDate(Timestamps.of(group.createdAt()))
                .build();
    }

    private static Role role(Entity role) {
        Role.Builder shape =
                Role.newBuilder()
                        .setPath(role.path())
                        .setRoleName(role.name())
                        .setRoleId(role.uniqueId())
                        .setArn(role.arn().toString())
                        .setCreateDate(Timestamps.of(role.createdAt()))
                        .addAllTags(tags(role));
        role.permissions()
                .boundary()
                .map(Shapes::boundary)
                .ifPresent(shape::setPermissionsBoundary);
        role.role()
                .ifPresent(
                        terms ->
                                shape.setAssumeRolePolicyDocument(terms.trust())
                                        .setMaxSessionDuration(terms.maxSessionSeconds()));
        role.role()
                .map(RoleTerms::description)
                .filter(text -> !text.isEmpty())
                .ifPresent(shape::setDescription);
        return shape.build();
    }

    /**
     * @param attachments how many have each policy of the account
     * @param boundaries how many have each as their boundary
     */
    static Policy policy(
            ManagedPolicy policy, Map<Arn, Long> attachments, Map<Arn, Long> boundaries) {
        Policy.Builder shape =
                Policy.newBuilder()
                        .setPolicyName(policy.name())
                        .setPolicyId(policy.uniqueId())
                        .setArn(policy.arn().toString())
                        .setPath(policy.path())
                        .setDefaultVersionId("v" + policy.defaultVersion())
                        .setAttachmentCount(attachments.getOrDefault(policy.arn(), 0L).intValue())
                        .setPermissionsBoundaryUsageCount(
                                boundaries.getOrDefault(policy.arn(), 0L).intValue())
                        .setIsAttachable(true)
                        .setCreateDate(Timestamps.of(policy.createdAt()))
                        .setUpdateDate(Timestamps.of(policy.updatedAt()));
        if (!policy.description().isEmpty()) {
            shape.setDescription(policy.description());
        }
        return shape.build();
    }

    /** A version without its document. */
    static PolicyVersion.Builder version(ManagedPolicy policy, ManagedPolicy.Version version) {
        return PolicyVersion.newBuilder()
                .setVersionId(version.id())
                .setIsDefaultVersion(version.number() == policy.defaultVersion())
                .setCreateDate(Timestamps.of(version.createdAt()));
    }

    static AttachedPolicy attached(ManagedPolicy policy) {
        return AttachedPolicy.newBuilder()
                .setPolicyName(policy.name())
                .setPolicyArn(policy.arn().toString())
                .build();
    }

    private static AttachedPermissionsBoundary boundary(Arn policy) {
        return AttachedPermissionsBoundary.newBuilder()
                .setPermissionsBoundaryType("Policy")
                .setPermissionsBoundaryArn(policy.toString())
                .build();
    }

    private static List<IamTag> tags(Entity entity) {
        return entity.tags().values().entrySet().stream().map(Shapes::tag).toList();
    }

    private static IamTag tag(Map.Entry<String, String> tag) {
        return IamTag.newBuilder().setKey(tag.getKey()).setValue(tag.getValue()).build();
    }
}
