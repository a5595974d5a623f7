package io.keyhold.store;

import java.io.IOException;

/** A copy of the metadata that takes the place of what was lost. */
public interface CopyStore extends AutoCloseable {

    /** Makes it metadata that a daemon starts with, in one transaction. */
    Mistrust.Outcome accept(Mistrust mistrust);

    @Override
    void close() throws IOException;
}
