package dev.convoke.original;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs the original coordinator, {@code coordinator.py}, each time in a process of its own.
 *
 * <p>Confined to one thread at a time.
 *
 * @param python the command
 * @param scratch where its input and output are written
 */
record Original(String python, Path scratch) {
    private static final long LONGEST_SECONDS = 50;

    /** With {@code python3} from the path. */
    Original(Path scratch) {
        this("python3", scratch);
    }

    /** One transcript for each script. */
    List<List<String>> transcripts(List<Script> scripts) throws Exception {
        String input = scripts.stream().map(Script::forTheOriginal).collect(Collectors.joining());
        List<List<String>> transcripts = new ArrayList<>();
        List<String> transcript = new ArrayList<>();
        for (String line : run(input, "run_scripts.py")) {
            if (line.equals("end")) {
                transcripts.add(List.copyOf(transcript));
                transcript.clear();
            } else {
                transcript.add(line);
            }
        }
        return transcripts;
    }

    /** What a piece of a program prints, which has a {@code coordinator} and may await. */
    List<String> print(String piece) throws Exception {
        return run("""
                import asyncio
                from coordinator import AsyncEventCoordinator

                async def main():
                    coordinator = AsyncEventCoordinator()
                %s
                asyncio.run(main())
                """.formatted(piece.indent(4)), "-");
    }

    /** Runs Python in UTF-8, without the user's settings, and so that it leaves no files behind. */
    private List<String> run(String input, String program) throws Exception {
        Path in = Files.writeString(scratch.resolve("in"), input);
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        Process process = start(new ProcessBuilder(python, "-E", "-B", "-X", "utf8", program)
                .directory(directory().toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile()));
        String exitCode = exitCode(process);
        requireSuccess(exitCode, Files.readString(err));
        return Files.readAllLines(out);
    }

    private static Path directory() throws URISyntaxException {
        URL coordinator = Original.class.getResource("coordinator.py");
        return Path.of(coordinator.toURI()).getParent();
    }

    private Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    python + " cannot be run, and Convoke cannot be compared with the original, a class in Python 3:"
                            + " install it (on Debian: apt-get install python3) and put it on the PATH",
                    e);
        }
    }

    private static String exitCode(Process process) throws InterruptedException {
        try {
            boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
            return ended ? String.valueOf(process.exitValue()) : "none within " + LONGEST_SECONDS + " s";
        } finally {
            process.destroyForcibly();
        }
    }

    /** It has nothing to complain about: a coroutine that nobody awaited, a failure that nobody looked at. */
    private static void requireSuccess(String exitCode, String complaints) {
        assertThat(complaints).as("what Python wrote to its standard error").isEmpty();
        assertThat(exitCode).as("Python's exit code").isEqualTo("0");
    }
}
