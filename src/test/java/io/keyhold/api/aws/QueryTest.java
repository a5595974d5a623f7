package io.keyhold.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.CreateRoleRequest;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.DeleteUserResponse;
import io.keyhold.v1.GetUserPolicyResponse;
import io.keyhold.v1.GetUserResponse;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.ListUserPoliciesResponse;
import io.keyhold.v1.PolicyDescriptorType;
import io.keyhold.v1.StatusType;
import io.keyhold.v1.UpdateAccessKeyRequest;
import io.keyhold.v1.User;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of the AWS Query protocol to messages, and messages to its XML. */
class QueryTest {

    private static final String NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

    private final QueryReader reader = new QueryReader();
    private final QueryProtocol protocol = new QueryProtocol("iam", "2010-05-08");

    @Test
    void everyKindOfFieldIsRead() {
        assertThat(
                        read(
                                CreateRoleRequest.getDefaultInstance(),
                                "Action=CreateRole&Version=2010-05-08&RoleName=r&Description=a+b%2Bc"
                                        + "&MaxSessionDuration=3600&Tags.member.2.Key=b"
                                        + "&Tags.member.1.Key=a&Tags.member.1.Value=%C3%A9"
                                        + "&Tags.member.10.Key=c&X-Amz-Signature=0"))
                .isEqualTo(
                        CreateRoleRequest.newBuilder()
                                .setRoleName("r")
                                .setDescription("a b+c")
                                .setMaxSessionDuration(3600)
                                .addTags(IamTag.newBuilder().setKey("a").setValue("\u00e9"))
                                .addTags(IamTag.newBuilder().setKey("b"))
                                .addTags(IamTag.newBuilder().setKey("c"))
                                .build());
        assertThat(
                        read(
                                AssumeRoleRequest.getDefaultInstance(),
                                "PolicyArns.member.1.arn=x&TransitiveTagKeys.member.1=y"))
                .isEqualTo(
                        AssumeRoleRequest.newBuilder()
                                .addPolicyArns(PolicyDescriptorType.newBuilder().setArn("x"))
                                .addTransitiveTagKeys("y")
                                .build());
        assertThat(read(UpdateAccessKeyRequest.getDefaultInstance(), "Status=Inactive").getStatus())
                .isEqualTo(StatusType.Value.Inactive);
        assertThat(read(CreateUserRequest.getDefaultInstance(), "Tags="))
                .isEqualTo(CreateUserRequest.getDefaultInstance());
        assertThat(read(CreateUserRequest.getDefaultInstance(), "&UserName&").hasUserName())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RoleName=a&RoleName=a",
                "RoleName=a&RoleName.x=a",
                "RoleName.member.1=a",
                "Tags=a",
                "Tags.1.Key=a",
                "Tags.member=a",
                "Tags.member.0.Key=a",
                "Tags.member.x.Key=a",
                "Tags.member.99999.Key=a",
                "Tags.member.1=a",
                "Tags.member.1.Key.x=a",
                "MaxSessionDuration=1.5",
                "MaxSessionDuration=99999999999",
                "a.b.c.d.e.f.g.h.i.j.k=1",
                "RoleName=%",
                "RoleName=%4",
                "RoleName=%zz",
                "RoleName=%ff",
                "RoleName=%c3"
            })
    void whatIsNoSuchMessageIsRefused(String form) {
        KmsFault fault = refused(form);
        assertThat(fault.name()).as(fault.text()).isEqualTo(FaultName.SerializationException);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Other=1", "roleName=a", "Tags.member.1.Other=1", "=a"})
    void aNameThatIsUnknownIsRefused(String form) {
        assertThat(refused(form).name()).isEqualTo(FaultName.ValidationException);
    }

    @Test
    void parametersAreLimited() {
        assertThat(refused("RoleName=a&".repeat(2000)).text())
                .isEqualTo("The form has more than 2000 parameters.");
    }

    @Test
    void answersAreXml() {
        User user =
                User.newBuilder()
                        .setUserName("<a>&\"\u00e9\ud83d\udd11\u0001\r\n")
                        .setCreateDate(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(1))
                        .build();
        assertThat(answer(GetUserResponse.newBuilder().setUser(user).build()))
                .isEqualTo(
                        "<GetUserResponse xmlns=\""
                                + NAMESPACE
                                + "\"><GetUserResult><User><UserName>&lt;a&gt;&amp;\""
                                + "\u00e9\ud83d\udd11\ufffd&#xD;\n</UserName>"
                                + "<CreateDate>2023-11-14T22:13:20Z</CreateDate>"
                                + "</User></GetUserResult><ResponseMetadata><RequestId>id"
                                + "</RequestId></ResponseMetadata></GetUserResponse>");
        assertThat(answer(DeleteUserResponse.getDefaultInstance()))
                .isEqualTo(
                        "<DeleteUserResponse xmlns=\""
                                + NAMESPACE
                                + "\"><ResponseMetadata><RequestId>id</RequestId>"
                                + "</ResponseMetadata></DeleteUserResponse>");
        assertThat(
                        answer(
                                ListUserPoliciesResponse.newBuilder()
                                        .addPolicyNames("a")
                                        .setIsTruncated(false)
                                        .build()))
                .contains("<PolicyNames><member>a</member></PolicyNames>")
                .contains("<IsTruncated>false</IsTruncated>");
    }

    @Test
    void policiesArePercentEncoded() {
        assertThat(
                        answer(
                                GetUserPolicyResponse.newBuilder()
                                        .setPolicyDocument("{\"a\": \"~\u00e9\"}")
                                        .build()))
                .contains("<PolicyDocument>%7B%22a%22%3A%20%22~%C3%A9%22%7D</PolicyDocument>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NoSuchEntityException NoSuchEntity 404 Sender",
                "EntityAlreadyExistsException EntityAlreadyExists 409 Sender",
                "AccessDeniedException AccessDenied 403 Sender",
                "UnrecognizedClientException InvalidClientTokenId 403 Sender",
                "InvalidSignatureException SignatureDoesNotMatch 403 Sender",
                "ExpiredTokenException ExpiredToken 403 Sender",
                "ValidationException ValidationError 400 Sender",
                "ThrottlingException Throttling 400 Sender",
                "UnknownOperationException InvalidAction 400 Sender",
                "KMSInternalException ServiceFailure 500 Receiver",
                "KeyUnavailableException ServiceUnavailable 503 Receiver"
            })
    void errorsHaveTheCodesOfTheOlderServices(String row) {
        String[] cells = row.split(" ");
        FaultName name = FaultName.valueOf(cells[0]);
        assertThat(protocol.status(name).code()).isEqualTo(Integer.parseInt(cells[2]));
        assertThat(new String(protocol.fault(KmsFault.of(name, "why <"), "id"), UTF_8))
                .isEqualTo(
                        "<ErrorResponse xmlns=\"%s\"><Error><Type>%s</Type><Code>%s</Code>"
                                        .formatted(NAMESPACE, cells[3], cells[1])
                                + "<Message>why &lt;</Message></Error><RequestId>id</RequestId>"
                                + "</ErrorResponse>");
    }

    @Test
    void everyErrorHasACode() {
        for (FaultName name : FaultName.values()) {
            assertThat(new String(protocol.fault(KmsFault.bare(name), "id"), UTF_8))
                    .doesNotContain("Exception")
                    .containsPattern("<Code>[A-Z][A-Za-z]+</Code>");
        }
    }

    private String answer(Message message) {
        return new String(protocol.answer(message, "id"), UTF_8);
    }

    private <Q extends Message> Q read(Q prototype, String form) {
        return reader.parse(prototype, form.getBytes(UTF_8));
    }

    private KmsFault refused(String form) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> read(CreateRoleRequest.getDefaultInstance(), form));
        assertThat(fault).as(form).isNotNull();
        return fault;
    }
}
