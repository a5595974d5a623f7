package io.keyhold;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.keyhold.access.Authorized;
import io.keyhold.access.Resolved;
import io.keyhold.identity.Authenticated;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom (DESIGN, section 3). {@link Room} is the table. */
class RoomsTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(file -> !file.contains("/io/keyhold/v1/")) // generated
                    .importPackages("io.keyhold");

    @ParameterizedTest
    @MethodSource("io.keyhold.Room#all")
    void aRoomUsesOnlyWhatItMay(Room room) {
        classes()
                .that(resideIn(room.packageName()))
                .should(onlyDependOnClassesThat(allowed(room)))
                .check(CLASSES);
    }

    @Test
    void everyPackageIsARoomOfTheTable() {
        Stream<String> packages = CLASSES.stream().map(JavaClass::getPackageName).distinct();

        assertThat(packages)
                .containsExactlyInAnyOrderElementsOf(
                        Room.all().stream().map(Room::packageName).toList());
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("io.keyhold.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void pureRoomsDoNoInputAndOutput() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.keyhold.key",
                        "io.keyhold.envelope",
                        "io.keyhold.iam",
                        "io.keyhold.policy")
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.resideInAnyPackage(
                                        "java.io",
                                        "java.net..",
                                        "java.nio.file..",
                                        "java.nio.channels..")
                                // the form of an address, without asking anybody
                                .and(not(type(InetAddress.class))))
                .check(CLASSES);
    }

    @Test
    void grpcAndNettyAreSeenByTheDoorsAndTheCommandLineOnly() {
        String tls = "io.keyhold.api.tls";
        onlyIn("io.grpc..", "io.keyhold.api.grpc", tls, "io.keyhold.cli");
        onlyIn("io.netty..", "io.keyhold.api.aws", "io.keyhold.api.grpc", tls, "io.keyhold.cli");
    }

    @Test
    void sqlIsSeenByTheSqlStoreOnly() {
        onlyIn(
                "java.sql..|javax.sql..|org.jdbi..|com.zaxxer..|org.sqlite..",
                "io.keyhold.store.sql");
    }

    @Test
    void pkcs11AndNativeCodeAreSeenByTheirRoomOnly() {
        onlyIn("sun.security.pkcs11..|java.lang.foreign..", "io.keyhold.token.pkcs11");
    }

    @Test
    void reflectionIsUsedByThePkcs11RoomAndTheLauncherOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.keyhold.token.pkcs11")
                .and()
                .doNotHaveSimpleName("Launcher")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .check(CLASSES);
    }

    @Test
    void noClassUsesAKeyStoreOfJca() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.KeyStore")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(classes = {Authenticated.class, Resolved.class, Authorized.class})
    void onlyItsOwnRoomMakesATicket(Class<?> ticket) {
        JavaClass type = CLASSES.get(ticket);

        assertThat(type.getConstructors())
                .isNotEmpty()
                .allSatisfy(
                        made ->
                                assertThat(made.getModifiers())
                                        .doesNotContain(
                                                JavaModifier.PUBLIC, JavaModifier.PROTECTED));
        assertThat(type.getModifiers()).contains(JavaModifier.FINAL);
        assertThat(type.getConstructorCallsToSelf())
                .isNotEmpty()
                .allSatisfy(
                        call ->
                                assertThat(call.getOriginOwner().getPackageName())
                                        .isEqualTo(type.getPackageName()));
    }

    private static DescribedPredicate<JavaClass> resideIn(String packageName) {
        return JavaClass.Predicates.resideInAPackage(packageName);
    }

    private static DescribedPredicate<JavaClass> allowed(Room room) {
        return DescribedPredicate.describe(
                room + " may use",
                used -> room.allows(used.getBaseComponentType().getPackageName()));
    }

    private static void onlyIn(String what, String... rooms) {
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(what.split("\\|"))
                .check(CLASSES);
    }
}
