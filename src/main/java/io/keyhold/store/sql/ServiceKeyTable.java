package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.key.ServiceKey;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The keys that accounts have chosen for services. */
final class ServiceKeyTable {

    private ServiceKeyTable() {}

    static List<ServiceKey> all(Handle handle) {
        return handle.createQuery("SELECT service, key_arn, chosen_at FROM service_key")
                .map(
                        (row, context) ->
                                new ServiceKey(
                                        row.getString("service"),
                                        Arn.parse(row.getString("key_arn")).orElseThrow(),
                                        Instant.ofEpochMilli(row.getLong("chosen_at"))))
                .list();
    }

    static void put(Handle handle, ServiceKey chosen) {
        delete(handle, chosen);
        handle.execute(
                "INSERT INTO service_key (account, region, service, key_arn, chosen_at)"
                        + " VALUES (?, ?, ?, ?, ?)",
                chosen.key().account(),
                chosen.key().region(),
                chosen.service(),
                chosen.key().toString(),
                chosen.chosenAt().toEpochMilli());
    }

    static int delete(Handle handle, ServiceKey chosen) {
        return handle.execute(
                "DELETE FROM service_key WHERE account = ? AND region = ? AND service = ?",
                chosen.key().account(),
                chosen.key().region(),
                chosen.service());
    }
}
