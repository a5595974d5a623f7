package io.keyhold.store.sql;

import io.keyhold.store.DirectoryStore;
import io.keyhold.store.DirectoryStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by SQLite in a file. */
class SqliteDirectoryStoreTest extends DirectoryStoreContract {

    private @TempDir Path folder;
    private SqlStore store;

    @Override
    protected DirectoryStore open() throws IOException {
        store = SqlStore.sqlite(folder.resolve("keyhold.db"), SqlStore.Use.NORMAL);
        return store.directory();
    }

    @Override
    protected void close() {
        store.close();
    }
}
