package dev.convoke.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** The page on durable listeners beside the tests. */
class DurablePageTest {
    private static final Path PAGE = Path.of("../docs/durable.md");
    private static final List<Path> TESTS =
            List.of(Path.of("src/test/java"), Path.of("../testkit/src/main/java/dev/convoke/testkit/journal"));
    private static final Pattern LINE = Pattern.compile("^(?:### D(\\d+)|- `(\\w+\\.\\w+)`)$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile(
            "@DisplayName\\(\\s*\"(D\\d+(?:[,D\\d -])*): (?:[^\"\\\\]|\\\\.)*\"\\)\\s*(?:public )?void (\\w+)");
    private static final Pattern NUMBERS = Pattern.compile("D(\\d+)(?:-D(\\d+))?");

    @Test
    @DisplayName("the page on durable listeners lists each promise with its tests, no more and no fewer")
    void the_page_lists_each_promise_with_its_tests() throws IOException {
        Map<Integer, Set<String>> page = new TreeMap<>();
        Set<String> tests = new TreeSet<>();
        Matcher lines = LINE.matcher(Files.readString(PAGE));
        while (lines.find()) {
            if (lines.group(1) != null) {
                tests = page.computeIfAbsent(Integer.valueOf(lines.group(1)), number -> new TreeSet<>());
            } else {
                tests.add(lines.group(2));
            }
        }

        assertThat(page).hasSize(13).isEqualTo(inTheTests());
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
        TEST.matcher(Files.readString(file))
                .results()
                .forEach(test -> numbers(test.group(1))
                        .forEach(number ->
                                to.computeIfAbsent(number, n -> new TreeSet<>()).add(type + "." + test.group(2))));
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
