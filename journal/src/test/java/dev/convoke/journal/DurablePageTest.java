package dev.convoke.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Compares the lists of tests in {@code docs/durable-promises.md} with the tests whose names begin with a promise. With
 * {@code -Dconvoke.pages=write} it writes the lists into the page instead:
 * {@code mvn -pl journal -am test -Dtest=DurablePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dconvoke.pages=write}.
 */
class DurablePageTest {
    private static final int PROMISES = 13;
    private static final Path PAGE = Path.of("../docs/durable-promises.md");
    private static final List<Path> TESTS =
            List.of(Path.of("src/test/java"), Path.of("../testkit/src/main/java/dev/convoke/testkit/journal"));
    private static final Pattern HEADING = Pattern.compile("## D(\\d+)\\b.*");
    private static final Pattern ITEM = Pattern.compile("- `(\\w+\\.\\w+)`");

    /** The beginning of a display name, as of {@code "D1, D3-D5: …"}. */
    private static final Pattern NAMED = Pattern.compile("@DisplayName\\(\\s*\"(D\\d+(?:[,D\\d -])*): ");

    /** The first method behind one. */
    private static final Pattern METHOD = Pattern.compile("\\b(?:void|Stream<\\w+>) (\\w+)\\(");

    private static final Pattern NUMBERS = Pattern.compile("D(\\d+)(?:-D(\\d+))?");

    @Test
    @DisplayName("the page of durable promises lists each promise with its tests, no more and no fewer")
    void the_page_lists_each_promise_with_its_tests() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        Map<Integer, Set<String>> tests = inTheTests();
        List<String> written = withLists(page, tests);
        if ("write".equals(System.getProperty("convoke.pages"))) {
            Files.write(PAGE, written);
        }

        assertThat(promises(written)).isEqualTo(tests.keySet()).hasSize(PROMISES);
        assertThat(Files.readAllLines(PAGE))
                .as("docs/durable-promises.md (-Dconvoke.pages=write writes its lists)")
                .isEqualTo(written);
    }

    private static Set<Integer> promises(List<String> page) {
        Set<Integer> promises = new TreeSet<>();
        page.stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .forEach(heading -> promises.add(Integer.valueOf(heading.group(1))));
        return promises;
    }

    /** The page with each promise's list in the place of the one that it has, or at the end of its section. */
    private static List<String> withLists(List<String> page, Map<Integer, Set<String>> tests) {
        List<String> written = new ArrayList<>();
        Set<String> pending = Set.of();
        for (String line : page) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                addList(pending, written);
                pending = tests.getOrDefault(Integer.valueOf(heading.group(1)), Set.of());
            }
            if (!ITEM.matcher(line).matches()) {
                written.add(line);
            }
        }
        addList(pending, written);
        written.remove(written.size() - 1); // the empty line at the end of the page
        return written;
    }

    private static void addList(Set<String> tests, List<String> to) {
        if (tests.isEmpty()) {
            return;
        }
        while (to.get(to.size() - 1).isBlank()) {
            to.remove(to.size() - 1);
        }
        to.add("");
        tests.forEach(test -> to.add("- `" + test + "`"));
        to.add("");
    }

    private static Map<Integer, Set<String>> inTheTests() throws IOException {
        Map<Integer, Set<String>> found = new TreeMap<>();
        for (Path tests : TESTS) {
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    addTests(file, found);
                }
            }
        }
        return found;
    }

    private static void addTests(Path file, Map<Integer, Set<String>> to) throws IOException {
        String type = file.getFileName().toString().replace(".java", "");
        String source = Files.readString(file);
        Matcher named = NAMED.matcher(source);
        Matcher method = METHOD.matcher(source);
        while (named.find()) {
            assertThat(method.find(named.end()))
                    .as("a test behind %s", named.group())
                    .isTrue();
            String test = type + "." + method.group(1);
            numbers(named.group(1))
                    .forEach(number ->
                            to.computeIfAbsent(number, n -> new TreeSet<>()).add(test));
        }
    }

    private static Stream<Integer> numbers(String text) {
        return NUMBERS.matcher(text).results().flatMap(DurablePageTest::range);
    }

    private static Stream<Integer> range(MatchResult numbers) {
        int first = Integer.parseInt(numbers.group(1));
        int last = numbers.group(2) == null ? first : Integer.parseInt(numbers.group(2));
        return IntStream.rangeClosed(first, last).boxed();
    }
}
