package io.keyhold.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.UUID;

/** Requests of Encrypt as the AWS SDK for Java sends them, each with its own signature. */
final class SignedEncrypts {

    private static final String SIGNED_HEADERS =
            "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;"
                    + "x-amz-content-sha256;x-amz-date;x-amz-target";

    private static final String CANONICAL =
            """
            POST
            /

            amz-sdk-invocation-id:<id>
            amz-sdk-request:attempt=1; max=4
            content-length:%1$d
            content-type:application/x-amz-json-1.1
            host:%2$s
            x-amz-content-sha256:%3$s
            x-amz-date:<time>
            x-amz-target:TrentService.Encrypt

            %4$s
            %3$s""";

    private static final String HEAD =
            """
            POST / HTTP/1.1
            amz-sdk-invocation-id: <id>
            amz-sdk-request: attempt=1; max=4
            Authorization: %5$s Credential=%6$s/<scope>, SignedHeaders=%4$s, Signature=<signature>
            Content-Length: %1$d
            Content-Type: application/x-amz-json-1.1
            Host: %2$s
            User-Agent: aws-sdk-java/2.57.8 md/io#sync md/http#UrlConnection ua/2.1 api/KMS#2.57.x \
            os/Linux#6.18 lang/java#25.0.3 md/OpenJDK_64-Bit_Server_VM#25.0.3+9-LTS m/D,AK,N,e
            x-amz-content-sha256: %3$s
            X-Amz-Date: <time>
            X-Amz-Target: TrentService.Encrypt

            """
                    .replace("\n", "\r\n");

    private final SigningKey key;
    private final byte[] body;
    private final String canonical;
    private final String head;

    SignedEncrypts(AwsEnvironment aws, String json) {
        this.key = new SigningKey(aws.secretAccessKey(), aws.region());
        this.body = json.getBytes(UTF_8);
        Object[] known = {
            body.length,
            aws.endpoint().getAuthority(),
            key.hash(body),
            SIGNED_HEADERS,
            SigningKey.ALGORITHM,
            aws.accessKeyId()
        };
        this.canonical = CANONICAL.formatted(known);
        this.head = HEAD.formatted(known);
    }

    ByteBuf request(long number) {
        key.tick();
        String id = new UUID(number, number).toString();
        String signature = key.sign(canonical.replace("<id>", id).replace("<time>", key.time()));
        String signed =
                head.replace("<id>", id)
                        .replace("<time>", key.time())
                        .replace("<scope>", key.scope())
                        .replace("<signature>", signature);
        return Unpooled.wrappedBuffer(signed.getBytes(UTF_8), body);
    }
}
