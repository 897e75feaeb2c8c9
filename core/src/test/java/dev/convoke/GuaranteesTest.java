package dev.convoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The page of guarantees and the tests say the same. */
class GuaranteesTest {
    private static final Path PAGE = Path.of("../docs/guarantees.md");
    private static final Pattern LINE = Pattern.compile("^(?:### ([SP]\\d+)|- `(\\w+\\.\\w+)`)$", Pattern.MULTILINE);
    private static final Pattern NUMBERS = Pattern.compile("^([SP]\\d+(?:, [SP]\\d+)*): ");

    private static Map<String, Set<String>> onThePage() throws IOException {
        Map<String, Set<String>> page = new TreeMap<>();
        Set<String> tests = new TreeSet<>();
        Matcher lines = LINE.matcher(Files.readString(PAGE));
        while (lines.find()) {
            if (lines.group(1) != null) {
                tests = new TreeSet<>();
                page.put(lines.group(1), tests);
            } else {
                tests.add(lines.group(2));
            }
        }
        return page;
    }

    private static Map<String, Set<String>> inTheTests() {
        Map<String, Set<String>> found = new TreeMap<>();
        JavaClasses tests = new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests())
                .importPackages("dev.convoke");
        tests.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(DisplayName.class))
                .forEach(method -> add(method, found));
        return found;
    }

    private static void add(JavaMethod method, Map<String, Set<String>> found) {
        Matcher numbers =
                NUMBERS.matcher(method.getAnnotationOfType(DisplayName.class).value());
        if (numbers.find()) {
            String test = method.getOwner().getSimpleName() + "." + method.getName();
            for (String number : List.of(numbers.group(1).split(", ", -1))) {
                found.computeIfAbsent(number, n -> new TreeSet<>()).add(test);
            }
        }
    }

    @Test
    @DisplayName("the page of guarantees lists each promise with its tests, no more and no fewer")
    void the_page_lists_each_promise_with_its_tests() throws IOException {
        Map<String, Set<String>> page = onThePage();
        assertThat(page).hasSizeGreaterThanOrEqualTo(21).isEqualTo(inTheTests());
        assertThat(page.keySet())
                .contains("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9")
                .contains("P1", "P2", "P3", "P4", "P5", "P6", "P10", "P11", "P14", "P16");
    }
}
