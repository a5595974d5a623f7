package io.keyhold.operation.identities;

import io.keyhold.iam.Kind;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.CreateUserResponse;
import io.keyhold.v1.DeleteUserRequest;
import io.keyhold.v1.DeleteUserResponse;
import io.keyhold.v1.GetUserRequest;
import io.keyhold.v1.GetUserResponse;
import io.keyhold.v1.ListUserTagsRequest;
import io.keyhold.v1.ListUserTagsResponse;
import io.keyhold.v1.ListUsersRequest;
import io.keyhold.v1.ListUsersResponse;
import io.keyhold.v1.TagUserRequest;
import io.keyhold.v1.TagUserResponse;
import io.keyhold.v1.UntagUserRequest;
import io.keyhold.v1.UntagUserResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The verbs for users. */
final class UserVerbs {

    private UserVerbs() {}

    static List<Verb<?, ?>> rows(Directory directory, InstantSource clock) {
        EntityVerbs verbs = new EntityVerbs(Kind.USER, directory);
        return List.of(
                verbs.create(
                        CreateUserRequest.getDefaultInstance(),
                        CreateUserResponse.getDefaultInstance(),
                        asked -> NewEntity.of(Kind.USER, asked, Optional.empty(), clock.instant())),
                verbs.get(
                        GetUserRequest.getDefaultInstance(), GetUserResponse.getDefaultInstance()),
                verbs.list(
                        ListUsersRequest.getDefaultInstance(),
                        ListUsersResponse.getDefaultInstance()),
                verbs.delete(
                        DeleteUserRequest.getDefaultInstance(),
                        DeleteUserResponse.getDefaultInstance()),
                EntityTagVerbs.tag(
                        verbs,
                        TagUserRequest.getDefaultInstance(),
                        TagUserResponse.getDefaultInstance()),
                EntityTagVerbs.untag(
                        verbs,
                        UntagUserRequest.getDefaultInstance(),
                        UntagUserResponse.getDefaultInstance()),
                EntityTagVerbs.list(
                        verbs,
                        ListUserTagsRequest.getDefaultInstance(),
                        ListUserTagsResponse.getDefaultInstance()));
    }
}
