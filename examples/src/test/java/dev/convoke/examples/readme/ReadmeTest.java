package dev.convoke.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** README shows what runs: its Java is a region of a program here, and its output is that program's. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- (snippet|output): (\\S+) -->\\n```(\\w+)\\n(.*?)```", Pattern.DOTALL);

    /** How many blocks of Java there are to be checked; a checker that finds fewer is broken. */
    private static final int JAVA_BLOCKS = 3;

    private record Block(String kind, String file, String text) {}

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = SNIPPET.matcher(readme());
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2), matcher.group(4)));
        }
        return blocks;
    }

    private static String region(String fileAndTag) throws IOException {
        String file = fileAndTag.replaceFirst("#.*", "");
        String tag = fileAndTag.replaceFirst(".*#", "");
        String source = Files.readString(Path.of("src/main/java/dev/convoke/examples/readme", file));
        Matcher matcher = Pattern.compile(
                        "( *)// tag::" + tag + "\\[]\\n(.*?) *// end::" + tag + "\\[]", Pattern.DOTALL)
                .matcher(source);
        assertThat(matcher.find()).as("region %s", fileAndTag).isTrue();
        return matcher.group(2).replaceAll("(?m)^" + matcher.group(1), "");
    }

    @Test
    @DisplayName("every Java block is a region of a program that is compiled here")
    void java_blocks_are_regions() throws IOException {
        List<Block> snippets =
                blocks().stream().filter(b -> b.kind().equals("snippet")).toList();
        assertThat(snippets).hasSize(JAVA_BLOCKS);
        assertThat(Pattern.compile("```java").matcher(readme()).results()).hasSize(JAVA_BLOCKS);
        for (Block snippet : snippets) {
            assertThat(snippet.text()).isEqualTo(region(snippet.file()));
        }
    }

    @Test
    @DisplayName("the output shown is what the program prints")
    void the_output_is_real() throws Exception {
        Block shown = blocks().stream()
                .filter(b -> b.kind().equals("output"))
                .findFirst()
                .orElseThrow();
        assertThat(shown.file()).isEqualTo("FirstEvent.java");
        assertThat(printed(() -> FirstEvent.main(new String[0]))).isEqualTo(shown.text());
    }

    @Test
    @DisplayName("the other programs run, and say what their comments promise")
    void the_other_programs_run() throws Exception {
        assertThat(printed(() -> ByName.main(new String[0]))).isEqualTo("[welcome ada@example.org, 1]\n");
        assertThat(printed(() -> WithOptions.main(new String[0])))
                .contains("ledger: TimedOut", "audit: Succeeded")
                .contains("first: audited");
    }

    @Test
    @DisplayName("every file that README points to is there, and README is at most 150 lines")
    void links_lead_somewhere() throws IOException {
        List<String> links = Pattern.compile("]\\((?!https?:|#)([^)#]+)[^)]*\\)")
                .matcher(readme())
                .results()
                .map(m -> m.group(1))
                .toList();
        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
        try (Stream<String> lines = readme().lines()) {
            assertThat(lines.count()).isLessThanOrEqualTo(150);
        }
    }

    private interface Program {
        void run() throws Exception;
    }

    private static String printed(Program program) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
