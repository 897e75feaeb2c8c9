package dev.convoke;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The core is a house of floors: each may use those below it, none the ones above. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.convoke");

    @Test
    @DisplayName("dependencies go down the floors only")
    void dependencies_go_down_only() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("door")
                .definedBy("dev.convoke")
                .layer("dispatch")
                .definedBy("dev.convoke.internal.dispatch")
                .layer("settle")
                .definedBy("dev.convoke.internal.settle")
                .layer("resolve")
                .definedBy("dev.convoke.internal.resolve")
                .layer("bind")
                .definedBy("dev.convoke.internal.bind")
                .layer("spi")
                .definedBy("dev.convoke.spi")
                .layer("listener")
                .definedBy("dev.convoke.listener")
                .layer("event")
                .definedBy("dev.convoke.event")
                .layer("check")
                .definedBy("dev.convoke.internal.check")
                .layer("thread")
                .definedBy("dev.convoke.internal.thread")
                .whereLayer("door")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("dispatch")
                .mayOnlyBeAccessedByLayers("door")
                .whereLayer("settle")
                .mayOnlyBeAccessedByLayers("door", "dispatch")
                .whereLayer("resolve")
                .mayOnlyBeAccessedByLayers("door", "dispatch")
                .whereLayer("bind")
                .mayOnlyBeAccessedByLayers("door")
                .whereLayer("bind")
                .mayOnlyAccessLayers("listener", "event", "check")
                .whereLayer("spi")
                .mayOnlyBeAccessedByLayers("door", "dispatch", "settle", "resolve")
                .whereLayer("listener")
                .mayOnlyBeAccessedByLayers("door", "dispatch", "settle", "resolve", "spi", "bind")
                .whereLayer("event")
                .mayOnlyAccessLayers("check")
                .whereLayer("check")
                .mayNotAccessAnyLayer()
                .whereLayer("thread")
                .mayNotAccessAnyLayer()
                .check(CORE);
    }

    @Test
    @DisplayName("no packages go round in a circle")
    void no_circles() {
        slices().matching("dev.convoke.(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    @DisplayName("the core uses java.base, and jdk.jfr for its flight records, alone")
    void only_the_base_module() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "dev.convoke..",
                        "java.io..",
                        "java.lang..",
                        "java.util..",
                        "java.time..",
                        "java.net..",
                        "java.security..",
                        "jdk.jfr..",
                        "org.jspecify.annotations..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..")
                .check(CORE);
    }

    @Test
    @DisplayName("nothing synchronizes on what users hold, and no internal type is in an exported signature")
    void no_monitors_and_no_internal_types_in_the_public_face() {
        List<String> leaks = CORE.stream()
                .filter(c -> isExported(c) && c.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(c -> c.getMembers().stream())
                .filter(m -> m.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(m -> signature(m)
                        .filter(t -> t.getPackageName().contains(".internal"))
                        .map(t -> m.getFullName() + " shows " + t.getName()))
                .toList();
        assertThat(leaks).isEmpty();
        assertThat(CORE.stream().flatMap(c -> c.getMethods().stream()))
                .noneMatch(m -> m.getModifiers().contains(JavaModifier.SYNCHRONIZED));
    }

    private static boolean isExported(JavaClass type) {
        return !type.getPackageName().contains(".internal");
    }

    private static Stream<JavaClass> signature(JavaMember member) {
        return member instanceof JavaMethod method
                ? Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                : Stream.empty();
    }
}
