package io.keyhold.store.sql;

import io.keyhold.store.AccessKeyStoreContract;
import io.keyhold.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by SQLite in a file. */
class SqliteAccessKeysTest extends AccessKeyStoreContract {

    private @TempDir Path folder;
    private SqlStore opened;

    @Override
    protected DirectoryStore open() throws IOException {
        opened = SqlStore.sqlite(folder.resolve("keyhold.db"), SqlStore.Use.NORMAL);
        return opened.directory();
    }

    @Override
    protected void close() {
        opened.close();
    }
}
