package io.keyhold.store.sql;

import com.zaxxer.hikari.HikariConfig;
import java.nio.file.Path;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** What differs between databases: how to connect. The SQL is the same. */
interface Dialect {

    /** Name in messages. */
    String name();

    /** Connection pool settings, with the durability that {@link SqlStore} promises. */
    HikariConfig pool();

    /** SQLite in one file: WAL, and an fsync with each commit. */
    record Sqlite(Path file) implements Dialect {

        private static final int BUSY_MILLIS = 5000;

        @Override
        public String name() {
            return "SQLite " + file;
        }

        @Override
        public HikariConfig pool() {
            SQLiteConfig config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            config.setBusyTimeout(BUSY_MILLIS);
            config.enforceForeignKeys(true);
            SQLiteDataSource source = new SQLiteDataSource(config);
            source.setUrl("jdbc:sqlite:" + file);
            HikariConfig pool = new HikariConfig();
            pool.setDataSource(source);
            pool.setMaximumPoolSize(1); // one writer: SQLite has no other
            return pool;
        }
    }
}
