package io.keyhold.audit;

/** What the journal keeps: a line of JSON in CloudTrail's shape, or one for each account. */
public interface Event {

    /** The event as JSON, without the line feed at its end. */
    byte[] toJson();
}
