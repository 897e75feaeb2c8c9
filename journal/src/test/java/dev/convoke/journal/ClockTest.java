package dev.convoke.journal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose clock times are by. */
class ClockTest {
    @Test
    @DisplayName(
            "D6: nothing in the journal asks the process's own time of day: what is due is decided by the database's")
    void D6_no_clock_but_the_databases() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(classes());
    }

    /** As they are loaded, should there be two of one name on the class path. */
    private static JavaClasses classes() {
        ClassFileImporter importer = new ClassFileImporter();
        return importer.importUrls(
                importer
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.convoke.journal")
                        .stream()
                        .map(type ->
                                ClockTest.class.getResource("/" + type.getName().replace('.', '/') + ".class"))
                        .toList());
    }
}
