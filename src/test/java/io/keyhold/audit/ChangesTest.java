package io.keyhold.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of a journal say was changed since a place in them. */
class ChangesTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");

    @TempDir private Path folder;

    @Test
    void onlyWhatChangedSomethingBehindThePlace() throws IOException {
        Path journal = folder.resolve("journal.jsonl");
        Files.writeString(journal, line("1", 0, "CreateKey", "", false));
        JournalPlace place = JournalPlace.endOf(folder);
        Files.writeString(
                journal,
                Files.readString(journal)
                        + line("2", 1, "RotateKeyOnDemand", "", false)
                        + line("3", 2, "Encrypt", "", true)
                        + line("4", 3, "DisableKey", "\"errorCode\":\"NotFoundException\",", false)
                        + line("5", 4, "Reconcile", "", false)
                        + line("6", 5, "CreateGrant", "", false)
                                .replace(
                                        "\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/a\"",
                                        "\"AWSAccount\""));

        Changes changes = Changes.since(folder, place, NOW);

        assertThat(changes.complete()).isTrue();
        assertThat(changes.all())
                .containsExactly(
                        new Changes.Change(
                                NOW.plusSeconds(1),
                                "RotateKeyOnDemand",
                                "arn:aws:iam::1:user/a",
                                List.of("arn:aws:kms:r:1:key/k", "alias/x")));
    }

    /** It is rotated so; what lies in its folder is read, whatever it is called. */
    @Test
    void renamedFilesAreRead() throws IOException {
        Path journal = folder.resolve("journal.jsonl");
        Files.writeString(journal, line("1", 0, "CreateKey", "", false));
        JournalPlace place = JournalPlace.endOf(folder);
        Files.writeString(
                folder.resolve("older"), line("0", -3600, "CreateKey", "", false).repeat(3));
        Files.writeString(
                folder.resolve("b"),
                Files.readString(journal) + line("2", 5, "EnableKey", "", false));
        Files.writeString(folder.resolve("a"), line("3", 10, "DisableKey", "", false));
        Files.writeString(journal, line("4", 15, "UpdateAlias", "", false));
        FileTime past = FileTime.from(NOW.minusSeconds(3600));
        Files.setLastModifiedTime(
                Files.writeString(folder.resolve("notes.txt"), "Dear Sir or Madam"), past);
        Files.writeString(folder.resolve("empty"), "");

        Changes changes = Changes.since(folder, place, NOW);

        assertThat(changes.complete()).isTrue();
        assertThat(changes.all())
                .extracting(Changes.Change::event)
                .containsExactly("EnableKey", "DisableKey", "UpdateAlias");

        Path zipped = Files.write(folder.resolve("c.gz"), new byte[] {0x1f, (byte) 0x8b});
        assertThat(Changes.since(folder, place, NOW).complete()).isFalse();
        Files.delete(zipped);
        Files.delete(folder.resolve("b"));
        Changes fewer = Changes.since(folder, place, NOW);
        assertThat(fewer.complete()).isFalse();
        assertThat(fewer.all()).hasSize(2);
    }

    @Test
    void aJournalThatHadNothingIsReadWhole() throws IOException {
        JournalPlace place = JournalPlace.endOf(folder.resolve("none"));
        assertThat(place).isEqualTo(new JournalPlace("", 0));
        Files.writeString(folder.resolve("journal.jsonl"), line("1", 0, "CreateKey", "", false));

        Changes changes = Changes.since(folder, place, NOW.minus(Duration.ofHours(1)));

        assertThat(changes.complete()).isTrue();
        assertThat(changes.all()).hasSize(1);
    }

    /** Not the latest: a clock may have been set back. */
    @Test
    void theLastEventIsTheOneThatWasWrittenLast() throws IOException {
        assertThat(Changes.lastEvent(folder)).isEmpty();
        Path journal = folder.resolve("journal.jsonl");
        Files.writeString(
                journal,
                line("1", 86400, "CreateKey", "", false) + line("2", 7, "Encrypt", "", true));
        FileTime past = FileTime.from(NOW.minusSeconds(60));
        Files.setLastModifiedTime(
                Files.writeString(folder.resolve("a"), line("0", 3600, "CreateKey", "", false)),
                past);
        Files.writeString(folder.resolve("notes.txt"), "Dear Sir or Madam");

        assertThat(Changes.lastEvent(folder)).contains(NOW.plusSeconds(7));
    }

    private static String line(
            String id, long second, String event, String more, boolean readOnly) {
        return """
        {"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/a"},"eventTime":"%s",\
        "eventName":"%s",%s"requestParameters":{"keyId":"k","aliasName":"alias/x",\
        "operations":["Decrypt",["Encrypt"]],"policy":"secret"},"responseElements":null,\
        "eventID":"%s","readOnly":%s,"resources":[{"ARN":"arn:aws:kms:r:1:key/k"}]}
        """
                .formatted(NOW.plusSeconds(second), event, more, id, readOnly);
    }
}
