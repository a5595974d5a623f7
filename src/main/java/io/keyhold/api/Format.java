package io.keyhold.api;

import com.google.protobuf.Message;

/** What the bodies of a door's requests are written in. */
public interface Format {

    /** Protobuf's wire format. */
    Format PROTOBUF =
            new Format() {
                @Override
                public <Q extends Message> Q parse(Q prototype, byte[] bytes) {
                    return Requests.parse(prototype, bytes);
                }
            };

    /**
     * Reads a request.
     *
     * @throws io.keyhold.key.KmsFault SerializationException if the bytes are not such a message
     */
    <Q extends Message> Q parse(Q prototype, byte[] bytes);
}
