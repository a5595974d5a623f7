package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.store.Mistrust;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** Keys whose rows may be those of an old copy are made safe to serve with. */
final class MistrustedKeys {

    private static final String PUT_OFF =
            """
            UPDATE kms_key SET
              deletion_date = MAX(deletion_date, :not_before),
              deletion_hold = MAX(COALESCE(deletion_hold, 0),
                                  :hold + COALESCE((SELECT running FROM jobs_clock), 0))
            WHERE state = 'PendingDeletion' AND live = 1 AND key_usage <> 'UNWRAP' RETURNING arn
            """;

    /** What is deleted or imported by these rows may long have come again. */
    private static final List<String> LET_ALONE =
            List.of(
                    "UPDATE backing_key SET valid_to = MAX(valid_to, :not_before)"
                            + " WHERE valid_to IS NOT NULL",
                    "DELETE FROM backing_key WHERE state = 'CREATING' AND canary IS NULL"
                            + " AND description IS NOT NULL",
                    "UPDATE backing_key SET state = 'PENDING_IMPORT' WHERE canary IS NOT NULL"
                            + " AND description IS NOT NULL AND state IN ('CREATING', 'DESTROYING')"
                            + " AND key_arn IN (SELECT arn FROM kms_key WHERE live = 1)");

    private static final String OWN = "spec = 'SYMMETRIC_DEFAULT' AND origin = 'AWS_KMS'";
    private static final String OTHER = "spec = 'SYMMETRIC_DEFAULT' AND origin <> 'AWS_KMS'";

    private MistrustedKeys() {}

    static Mistrust.Outcome apply(Handle handle, Mistrust mistrust) {
        List<Arn> worn = raise(handle, OWN, mistrust.rotating());
        List<Arn> tired = raise(handle, OTHER, mistrust.others());
        List<Arn> later =
                arns(
                        handle.createQuery(PUT_OFF)
                                .bind("hold", mistrust.hold().toMillis())
                                .bind("not_before", mistrust.notBefore().toEpochMilli()));
        for (String each : LET_ALONE) {
            Update update = handle.createUpdate(each);
            if (each.contains(":not_before")) {
                update.bind("not_before", mistrust.notBefore().toEpochMilli());
            }
            update.execute();
        }
        // Use since the copy is not known; and what the jobs missed is dealt with by this.
        handle.execute(
                "UPDATE jobs_clock SET begun = ?, wall = ?",
                mistrust.now().toEpochMilli(),
                mistrust.now().toEpochMilli());
        return new Mistrust.Outcome(worn.size(), tired, later);
    }

    /**
     * Raises the counts of all material of some keys: what is being created by these rows may have
     * been current since.
     *
     * @return the keys whose current material it was
     */
    private static List<Arn> raise(Handle handle, String which, long encryptions) {
        handle.createUpdate(
                        "UPDATE backing_key SET encryptions = MAX(encryptions, :value)"
                                + " WHERE key_arn IN (SELECT arn FROM kms_key WHERE "
                                + which
                                + ")")
                .bind("value", encryptions)
                .execute();
        return arns(handle.createQuery("SELECT arn FROM kms_key WHERE live = 1 AND " + which));
    }

    private static List<Arn> arns(Query query) {
        return query.map((row, context) -> Arn.parse(row.getString(1)).orElseThrow()).list();
    }
}
