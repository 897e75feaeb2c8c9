package dev.convoke.benchmarks.journal.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a server has to do with a directory of its own. */
final class Directories {
    private Directories() {}

    /** Deletes all that is in it. */
    static void empty(Path directory) throws IOException {
        for (Path each : deepestFirst(directory)) {
            if (!each.equals(directory)) {
                Files.delete(each);
            }
        }
    }

    private static List<Path> deepestFirst(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
