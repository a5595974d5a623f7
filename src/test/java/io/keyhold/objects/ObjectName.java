package io.keyhold.objects;

import java.util.regex.Pattern;

/**
 * What an object is called.
 *
 * @param bucket 3 to 63 small letters, digits and hyphens
 * @param object 1 to 64 letters, digits, dots and hyphens, a dot not in front
 */
record ObjectName(String bucket, String object) {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9-]{3,63}");
    private static final Pattern OBJECT = Pattern.compile("[A-Za-z0-9-][A-Za-z0-9.-]{0,63}");

    ObjectName {
        if (!BUCKET.matcher(bucket).matches() || !OBJECT.matcher(object).matches()) {
            throw new IllegalArgumentException("no object can be called that");
        }
    }

    /** What keys of the bucket are bound to. */
    static String bucketArn(String bucket) {
        return "arn:aws:s3:::" + bucket;
    }

    /** What the object and its key are bound to. */
    String arn() {
        return bucketArn(bucket) + "/" + object;
    }
}
