package dev.convoke.examples.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the demo runs and to whom it talks.
 *
 * @param home the root of the repository
 * @param out for data
 * @param err for talk
 * @param outIsTerminal whether a person reads the data
 * @param errIsTerminal whether a person reads the talk
 * @param colour whether they want colours
 * @param columns how wide their terminal is
 */
record Console(
        Path home,
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        boolean colour,
        int columns) {
    private static final int USUAL_COLUMNS = 100;
    private static final String ERASE_LINE = "\r\u001b[K";

    /** This process's, as the launcher says in the environment. Both streams are UTF-8, whatever the locale. */
    static Console ofProcess(Map<String, String> environment) {
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Console(
                Path.of(environment.getOrDefault("CONVOKE_HOME", "")),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                environment.containsKey("CONVOKE_STDOUT_TTY"),
                environment.containsKey("CONVOKE_STDERR_TTY") && !dumb,
                environment.getOrDefault("NO_COLOR", "").isEmpty() && !dumb,
                columns(environment.getOrDefault("CONVOKE_COLUMNS", "")));
    }

    /** Leaves the terminal without a bar. */
    void eraseLine() {
        if (errIsTerminal) {
            err.print(ERASE_LINE);
        }
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    private static int columns(String columns) {
        return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : USUAL_COLUMNS;
    }
}
