package io.keyhold.operation.identities;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import io.keyhold.v1.AddUserToGroupRequest;
import io.keyhold.v1.AddUserToGroupResponse;
import io.keyhold.v1.CreateGroupRequest;
import io.keyhold.v1.CreateGroupResponse;
import io.keyhold.v1.DeleteGroupRequest;
import io.keyhold.v1.DeleteGroupResponse;
import io.keyhold.v1.GetGroupRequest;
import io.keyhold.v1.GetGroupResponse;
import io.keyhold.v1.ListGroupsForUserRequest;
import io.keyhold.v1.ListGroupsForUserResponse;
import io.keyhold.v1.ListGroupsRequest;
import io.keyhold.v1.ListGroupsResponse;
import io.keyhold.v1.RemoveUserFromGroupRequest;
import io.keyhold.v1.RemoveUserFromGroupResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The verbs for groups and their users. */
final class GroupVerbs {

    private GroupVerbs() {}

    static List<Verb<?, ?>> rows(Directory directory, InstantSource clock) {
        EntityVerbs verbs = new EntityVerbs(Kind.GROUP, directory);
        EntityVerbs users = new EntityVerbs(Kind.USER, directory);
        return List.of(
                verbs.create(
                        CreateGroupRequest.getDefaultInstance(),
                        CreateGroupResponse.getDefaultInstance(),
                        asked ->
                                NewEntity.of(Kind.GROUP, asked, Optional.empty(), clock.instant())),
                verbs.read(
                        GetGroupRequest.getDefaultInstance(),
                        (asked, group) -> withUsers(directory, asked, group)),
                verbs.list(
                        ListGroupsRequest.getDefaultInstance(),
                        ListGroupsResponse.getDefaultInstance()),
                verbs.delete(
                        DeleteGroupRequest.getDefaultInstance(),
                        DeleteGroupResponse.getDefaultInstance()),
                Row.write(
                        AddUserToGroupRequest.getDefaultInstance(),
                        Row.entity(Kind.GROUP),
                        asked -> {
                            move(directory, asked, Entity::join);
                            return AddUserToGroupResponse.getDefaultInstance();
                        }),
                Row.write(
                        RemoveUserFromGroupRequest.getDefaultInstance(),
                        Row.entity(Kind.GROUP),
                        asked -> {
                            move(directory, asked, Entity::leave);
                            return RemoveUserFromGroupResponse.getDefaultInstance();
                        }),
                users.read(
                        ListGroupsForUserRequest.getDefaultInstance(),
                        (asked, user) -> groups(directory, asked, user)));
    }

    private static Answer withUsers(Directory directory, Asked asked, Entity group) {
        Answer answer = new Answer(GetGroupResponse.getDefaultInstance());
        return Shapes.listing("Users")
                .add(
                        answer.set("Group", Shapes.of(group)),
                        asked.fields(),
                        directory.members(group).stream());
    }

    private static Answer groups(Directory directory, Asked asked, Entity user) {
        return Shapes.listing("Groups")
                .add(
                        new Answer(ListGroupsForUserResponse.getDefaultInstance()),
                        asked.fields(),
                        user.groups().stream()
                                .flatMap(name -> find(directory, user.account(), name)));
    }

    private static Stream<Entity> find(Directory directory, String account, String group) {
        return directory.find(Kind.GROUP, account, group).stream();
    }

    private static void move(
            Directory directory, Asked asked, BiFunction<Entity, String, Entity> change) {
        Entity user = directory.require(Kind.USER, asked.account(), asked.text("UserName"));
        directory.change(
                user.arn(),
                now -> {
                    Entity group = directory.require(asked.resource());
                    return change.apply(now, group.name());
                });
    }
}
