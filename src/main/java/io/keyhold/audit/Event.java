package io.keyhold.audit;

/** What the journal keeps: one line of JSON in CloudTrail's shape. */
public interface Event {

    /** The event as JSON, without the line feed. */
    byte[] toJson();
}
