package io.keyhold.e2e;

import java.util.function.Consumer;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * A verb by AWS's SDK for Java.
 *
 * @param good calls it, and fails if it does not do what it says
 * @param refused the class of the exception of
 * @param bad which calls it once, at last
 */
record AwsVerb(
        String name,
        Consumer<KmsClient> good,
        Class<? extends KmsException> refused,
        String code,
        Consumer<KmsClient> bad) {

    /** One whose refusal is in the service's model. */
    static AwsVerb of(
            String name,
            Consumer<KmsClient> good,
            Class<? extends KmsException> refused,
            Consumer<KmsClient> bad) {
        String code = refused.getSimpleName().replaceFirst("^Kms", "KMS");
        return new AwsVerb(name, good, refused, code, bad);
    }

    /** One whose refusal is of every service. */
    static AwsVerb of(String name, Consumer<KmsClient> good, String code, Consumer<KmsClient> bad) {
        return new AwsVerb(name, good, KmsException.class, code, bad);
    }

    @Override
    public String toString() {
        return name;
    }
}
