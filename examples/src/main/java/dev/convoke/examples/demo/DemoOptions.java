package dev.convoke.examples.demo;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the command line says. Confined to one thread until it is parsed. */
final class DemoOptions {
    static final String HELP = """
            Usage: convoke demo [--json] [--out DIR | --journal sqlite:FILE] [--data FILE]

            Publishes real GitHub webhook payloads as events to seven asynchronous listeners
            and sums up what became of them: how many deliveries succeeded, failed or timed
            out, how long they took, and when each one of the slowest publication ran.

              --json        print the summary as one JSON object
              --out DIR     where to put the search index and the audit file; those of an
                            earlier run are replaced (default: a new temporary directory)
              --journal sqlite:FILE
                            keep all deliveries in FILE, with all that the listeners write,
                            until they are done: killed at any moment and run again with
                            the same FILE, it goes on where it was and comes to the same
                            counts
              --data FILE   what to publish, one {"type": "...", "data": {...}} a line
                            (default: examples/data/github-webhooks.ndjson)
              -h, --help    print this

            Exit code: 0 if every line was published, whatever its listeners made of it;
            1 if a line is malformed, or reading or writing failed; 2 if the command line
            is wrong; 130 after Ctrl-C.
            """;

    private static final String EXPECTED = "expected --json, --out DIR, --journal sqlite:FILE, --data FILE or --help";

    private static final String JOURNAL = "--journal";
    private static final String SQLITE = "sqlite:";
    private static final String SQLITE_FILE = "sqlite:FILE";

    private final String[] arguments;
    private int next;

    private boolean json;
    private boolean help;
    private @Nullable Path out;
    private @Nullable Path data;
    private @Nullable Path journal;

    private DemoOptions(String[] arguments) {
        this.arguments = arguments;
    }

    static DemoOptions parse(String... arguments) throws UsageException {
        DemoOptions options = new DemoOptions(arguments);
        while (options.next < arguments.length && !options.help) {
            options.take(arguments[options.next++]);
        }
        if (options.out != null && options.journal != null && !options.help) {
            throw new UsageException("--out and --journal exclude each other: with a journal, all goes into its file");
        }
        return options;
    }

    private void take(String argument) throws UsageException {
        switch (argument) {
            case "--json" -> json = true;
            case "--out" -> out = path("--out", "a directory");
            case "--data" -> data = path("--data", "a file");
            case JOURNAL -> journal = journal(value(JOURNAL, SQLITE_FILE));
            case "--help", "-h" -> help = true;
            default -> takeJoined(argument);
        }
    }

    /** {@code --out=DIR}, {@code --data=FILE} and {@code --journal=sqlite:FILE}. */
    private void takeJoined(String argument) throws UsageException {
        if (argument.startsWith("--out=")) {
            out = path("--out", "a directory", argument.substring("--out=".length()));
        } else if (argument.startsWith("--data=")) {
            data = path("--data", "a file", argument.substring("--data=".length()));
        } else if (argument.startsWith(JOURNAL + "=")) {
            journal = journal(argument.substring(JOURNAL.length() + 1));
        } else {
            String what = argument.startsWith("-") ? "unknown option" : "unexpected argument";
            throw new UsageException(what + " '" + argument + "' (argument " + next + "): " + EXPECTED);
        }
    }

    private Path journal(String value) throws UsageException {
        String file = value.startsWith(SQLITE) ? value.substring(SQLITE.length()) : "";
        if (file.isEmpty()) {
            throw new UsageException(
                    JOURNAL + " needs " + SQLITE_FILE + ", but argument " + next + " is '" + value + "'");
        }
        return path(JOURNAL, SQLITE_FILE, file);
    }

    private Path path(String option, String expected) throws UsageException {
        return path(option, expected, value(option, expected));
    }

    private String value(String option, String expected) throws UsageException {
        if (next == arguments.length) {
            throw new UsageException(
                    option + " (argument " + next + ") is the last one: expected " + expected + " after it");
        }
        return arguments[next++];
    }

    private Path path(String option, String expected, String value) throws UsageException {
        if (value.isEmpty() || value.startsWith("--")) {
            throw new UsageException(option + " needs " + expected + ", but argument " + next + " is '" + value + "'");
        }
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new UsageException(
                    option + " needs " + expected + ", but argument " + next + " is '" + value + "': " + e.getReason());
        }
    }

    boolean json() {
        return json;
    }

    boolean help() {
        return help;
    }

    Optional<Path> out() {
        return Optional.ofNullable(out);
    }

    /** The file of the journal. */
    Optional<Path> journal() {
        return Optional.ofNullable(journal);
    }

    Optional<Path> data() {
        return Optional.ofNullable(data);
    }
}
