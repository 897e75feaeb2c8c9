package dev.convoke.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** README shows what runs: its Java is a region of a program here, and its output is that program's. */
class ReadmeTest {
    private static final Page README = new Page("README.md");

    /** How many blocks of Java there are to be checked; a checker that finds fewer is broken. */
    private static final int JAVA_BLOCKS = 3;

    @Test
    @DisplayName("every Java block is a region of a program that is compiled here")
    void java_blocks_are_regions() throws IOException {
        README.hasRegionsOf(Path.of("src/main/java/dev/convoke/examples/readme"), JAVA_BLOCKS);
    }

    @Test
    @DisplayName("the output shown is what the program prints")
    void the_output_is_real() throws Exception {
        Page.Block shown = README.blocks("output").get(0);
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
        assertThat(README.links())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(link).exists());
        try (Stream<String> lines = README.text().lines()) {
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
