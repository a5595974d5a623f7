package io.keyhold.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol explains itself: grpcurl and the generated code show these comments. */
class ProtoCommentsTest {

    private static final Path FOLDER = Path.of("proto/keyhold/v1");
    private static final Pattern DECLARATION =
            Pattern.compile(
                    "(service|message|extend) .*\\{}?"
                            + "|rpc \\w+\\(.*"
                            + "|(optional |repeated )?[\\w.]+(<[\\w, ]+>)? \\w+ = \\d+( ?\\[.*|;)"
                            + "|(optional |repeated )?[\\w.]+(<[\\w, ]+>)? \\w+ = \\d+"
                            + "|[A-Za-z]\\w* = \\d+;");

    static List<FileDescriptor> files() {
        return List.of(
                KeyManagementProto.getDescriptor(),
                IdentityProto.getDescriptor(),
                MaintenanceProto.getDescriptor(),
                ServicesProto.getDescriptor(),
                AccessKeys.getDescriptor(),
                Accounts.getDescriptor(),
                Aliases.getDescriptor(),
                Attachments.getDescriptor(),
                Crypto.getDescriptor(),
                Enums.getDescriptor(),
                Explanations.getDescriptor(),
                Grants.getDescriptor(),
                Groups.getDescriptor(),
                Identities.getDescriptor(),
                Imports.getDescriptor(),
                InlinePolicies.getDescriptor(),
                Keys.getDescriptor(),
                ManagedPolicies.getDescriptor(),
                Materials.getDescriptor(),
                Options.getDescriptor(),
                Policies.getDescriptor(),
                Roles.getDescriptor(),
                Sts.getDescriptor(),
                Tags.getDescriptor(),
                Users.getDescriptor());
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyDeclarationHasACommentBeforeIt(FileDescriptor file) throws IOException {
        List<String> lines = lines(file);
        List<String> bare = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (isDeclaration(lines.get(i)) && !lines.get(i - 1).startsWith("//")) {
                bare.add(file.getName() + ":" + (i + 1) + ": " + lines.get(i));
            }
        }

        assertThat(bare).isEmpty();
    }

    /** So that a declaration in another style cannot slip through the scan. */
    @ParameterizedTest
    @MethodSource("files")
    void theScanFindsAsManyDeclarationsAsThereAre(FileDescriptor file) throws IOException {
        int there =
                file.getServices().stream().mapToInt(s -> 1 + s.getMethods().size()).sum()
                        + file.getMessageTypes().stream().mapToInt(ProtoCommentsTest::count).sum()
                        + (file.getExtensions().isEmpty() ? 0 : 1 + file.getExtensions().size());

        assertThat(lines(file).stream().filter(ProtoCommentsTest::isDeclaration)).hasSize(there);
    }

    @Test
    void everyProtoFileIsLookedAt() throws IOException {
        try (var found = Files.list(FOLDER)) {
            assertThat(found.map(path -> "keyhold/v1/" + path.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(
                            files().stream().map(FileDescriptor::getName).toList());
        }
    }

    private static int count(Descriptor message) {
        return 1
                + message.getFields().size()
                + message.getEnumTypes().stream().mapToInt(e -> e.getValues().size()).sum();
    }

    private static boolean isDeclaration(String line) {
        return DECLARATION.matcher(line).matches();
    }

    private static List<String> lines(FileDescriptor file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(Path.of(file.getName()).getFileName())).stream()
                .map(String::strip)
                .toList();
    }
}
