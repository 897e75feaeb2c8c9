package dev.convoke.examples.demo;

import dev.convoke.examples.demo.github.MalformedLine;
import dev.convoke.examples.demo.github.WebhookFile;
import dev.convoke.examples.demo.summary.Summary;
import dev.convoke.examples.demo.summary.SummaryJson;
import dev.convoke.examples.demo.summary.SummaryText;
import dev.convoke.journal.JournalException;
import dev.convoke.journal.UnsupportedDatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** {@code convoke demo}: publishes real GitHub webhooks to seven listeners and shows what became of them. */
public final class Demo {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private static final String DATA = "examples/data/github-webhooks.ndjson";
    private static final int MALFORMED_SHOWN = 10;

    private final Console console;

    Demo(Console console) {
        this.console = console;
    }

    /** Runs the demo and ends the process with its exit code. */
    public static void main(String... arguments) throws InterruptedException {
        Console console = Console.ofProcess(System.getenv());
        Runtime.getRuntime().addShutdownHook(new Thread(console::eraseLine)); // Ctrl-C leaves half a bar
        System.exit(new Demo(console).run(arguments));
    }

    /** Runs the demo and returns its exit code. */
    int run(String... arguments) throws InterruptedException {
        try {
            return run(DemoOptions.parse(arguments));
        } catch (UsageException e) {
            say(e.getMessage() + "\nTry: convoke demo --help");
            return USAGE;
        } catch (IOException | SQLException | JournalException | UnsupportedDatabaseException e) {
            say(e.getClass().getSimpleName() + ": " + e.getMessage());
            return FAILED;
        }
    }

    private int run(DemoOptions options) throws UsageException, IOException, SQLException, InterruptedException {
        if (options.help()) {
            console.out().print(DemoOptions.HELP);
            return OK;
        }
        Path data = options.data().orElse(console.home().resolve(DATA));
        WebhookFile file = read(data);
        report(data, file.malformed());
        return show(publish(file, options), options);
    }

    private WebhookFile read(Path data) throws UsageException, IOException {
        if (!Files.isReadable(data) || Files.isDirectory(data)) {
            throw new UsageException("--data needs a file that can be read, but is " + data);
        }
        return WebhookFile.read(data);
    }

    private Path directory(DemoOptions options) throws UsageException, IOException {
        if (options.out().isEmpty()) {
            return Files.createTempDirectory("convoke-demo-");
        }
        Path directory = options.out().get();
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UsageException("--out needs a directory, but " + directory + " is none and cannot be made one");
        }
    }

    private Summary publish(WebhookFile file, DemoOptions options)
            throws UsageException, IOException, SQLException, InterruptedException {
        int total = file.webhooks().size();
        if (options.journal().isPresent()) {
            try (Progress progress = new Progress(console, total, "settled")) {
                return new JournalRun(file, journal(options.journal().get()), progress).run();
            }
        }
        Path directory = directory(options);
        try (Progress progress = new Progress(console, total, "published")) {
            return new DemoRun(file, progress).run(directory);
        }
    }

    private static Path journal(Path file) throws UsageException {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new UsageException(
                    "--journal needs a file in a directory that is there, but there is no " + directory);
        }
        if (Files.isDirectory(file)) {
            throw new UsageException("--journal needs a file, but " + file + " is a directory");
        }
        return absolute;
    }

    private int show(Summary summary, DemoOptions options) {
        console.out().print(options.json() ? SummaryJson.of(summary) : text(summary));
        if (console.out().checkError()) {
            say("standard output cannot be written to");
            return FAILED;
        }
        return summary.malformed().isEmpty() ? OK : FAILED;
    }

    private String text(Summary summary) {
        return SummaryText.of(summary, console.columns(), console.colour() && console.outIsTerminal());
    }

    private void report(Path data, List<MalformedLine> malformed) {
        for (MalformedLine line : malformed.subList(0, Math.min(malformed.size(), MALFORMED_SHOWN))) {
            say(data + ", line " + line.line() + ": " + line.reason());
        }
        if (malformed.size() > MALFORMED_SHOWN) {
            say("and " + (malformed.size() - MALFORMED_SHOWN) + " more malformed lines");
        }
    }

    private void say(String message) {
        console.err().println("convoke demo: " + message);
    }
}
