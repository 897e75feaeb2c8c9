package dev.convoke.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final Map<String, String> NOTHING = Map.of();

    @Test
    void a_process_that_nobody_started_by_hand_has_no_terminal() {
        Console console = Console.ofProcess(NOTHING);

        assertThat(console.outIsTerminal()).isFalse();
        assertThat(console.errIsTerminal()).isFalse();
        assertThat(console.colour()).isFalse();
        assertThat(console.columns()).isEqualTo(100);
        assertThat(console.home()).isEqualTo(Path.of(""));
    }

    @Test
    void the_launcher_says_what_Java_cannot_know() {
        Console console = Console.ofProcess(Map.of(
                "TERM", "xterm",
                "CONVOKE_HOME", "/somewhere else",
                "CONVOKE_STDOUT_TTY", "1",
                "CONVOKE_STDERR_TTY", "1",
                "CONVOKE_COLUMNS", "132"));

        assertThat(console.outIsTerminal()).isTrue();
        assertThat(console.errIsTerminal()).isTrue();
        assertThat(console.colour()).isTrue();
        assertThat(console.columns()).isEqualTo(132);
        assertThat(console.home()).isEqualTo(Path.of("/somewhere else"));
    }

    @Test
    void NO_COLOR_means_no_colours_unless_it_is_empty() {
        assertThat(Console.ofProcess(Map.of("TERM", "xterm", "NO_COLOR", "1")).colour())
                .isFalse();
        assertThat(Console.ofProcess(Map.of("TERM", "xterm", "NO_COLOR", "")).colour())
                .isTrue();
    }

    @Test
    void a_dumb_terminal_gets_no_bar() {
        assertThat(Console.ofProcess(Map.of("TERM", "dumb", "CONVOKE_STDERR_TTY", "1"))
                        .errIsTerminal())
                .isFalse();
    }

    @Test
    void a_width_that_is_none_counts_as_unknown() {
        for (String width : new String[] {"0", "-80", "wide", "99999999999"}) {
            assertThat(Console.ofProcess(Map.of("CONVOKE_COLUMNS", width)).columns())
                    .isEqualTo(100);
        }
    }
}
