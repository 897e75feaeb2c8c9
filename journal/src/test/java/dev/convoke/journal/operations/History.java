package dev.convoke.journal.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the processes wrote down: what was published, and which listener ran when.
 *
 * @param runs by listener, each list by the time of its start
 * @param silent which processes publish no more
 */
record History(
        Map<String, Publication> publications,
        Map<String, List<Run>> runs,
        Map<String, Long> ups,
        Set<String> silent,
        List<Stall> stalls) {
    /** When something has not happened. */
    static final long NEVER = Long.MAX_VALUE;

    /**
     * One event as its publisher saw it.
     *
     * @param begun when it was about to be published, for the first time
     * @param accepted when it was known to be kept, or {@link #NEVER}
     */
    record Publication(String event, String key, Publishing how, long begun, long accepted, Set<Answer> answers) {
        boolean isAccepted() {
            return accepted != NEVER;
        }

        /** Whether it is certain that it is not there. */
        boolean isRejected() {
            return answers.equals(EnumSet.of(Answer.REJECTED));
        }

        Publication told(Answer answer, long at) {
            Set<Answer> more = EnumSet.of(answer, answers.toArray(new Answer[0]));
            return new Publication(event, key, how, begun, answer == Answer.ACCEPTED ? at : accepted, more);
        }
    }

    /** A process stood still, as the machine was too busy. */
    record Stall(String incarnation, long begin, long end) {}

    /** How a listener ended. */
    enum End {
        WELL,
        BADLY,
        /** It did not, as its process did before. */
        NONE
    }

    /**
     * A listener at work.
     *
     * @param end when, or {@link #NEVER}
     */
    record Run(String incarnation, String listener, String event, int attempt, long start, long end, End how) {
        String describe(long origin) {
            return "%s attempt %d in %s %.3f-%s %s"
                    .formatted(
                            event,
                            attempt,
                            incarnation,
                            (start - origin) / 1e9,
                            end == NEVER ? "" : "%.3f".formatted((end - origin) / 1e9),
                            how);
        }
    }

    /** Reads what all processes have written in this directory. */
    static History of(Path directory) throws IOException {
        History history = new History(
                new LinkedHashMap<>(), new HashMap<>(), new HashMap<>(), new HashSet<>(), new ArrayList<>());
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(PodLog.SUFFIX))
                    .toList()) {
                history.read(file);
            }
        }
        history.runs.values().forEach(list -> list.sort(Comparator.comparingLong(Run::start)));
        return history;
    }

    private void read(Path file) throws IOException {
        String incarnation = file.getFileName().toString().replace(PodLog.SUFFIX, "");
        Map<String, Run> running = new HashMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.map(line -> line.split(" ")).forEach(words -> {
                long at = Long.parseLong(words[1]);
                switch (words[0]) {
                    case "up" -> ups.put(incarnation, at);
                    case "silent" -> silent.add(incarnation);
                    case "stalled" -> stalls.add(new Stall(incarnation, Long.parseLong(words[2]), at));
                    case "begun" -> begun(words, at);
                    case "told" -> told(Answer.valueOf(words[2]), words[3], at);
                    case "started" -> running.put(words[2], started(incarnation, words, at));
                    case "ended" -> ended(running.remove(words[2]), words[3], at);
                    default -> {
                        // nothing that is checked
                    }
                }
            });
        }
        running.values().forEach(this::add);
    }

    private void begun(String[] words, long at) {
        Publishing how = Publishing.valueOf(words[4]);
        publications.put(words[2], new Publication(words[2], words[3], how, at, NEVER, EnumSet.noneOf(Answer.class)));
    }

    private void told(Answer answer, String event, long at) {
        publications.computeIfPresent(event, (id, publication) -> publication.told(answer, at));
    }

    private static Run started(String incarnation, String[] words, long at) {
        return new Run(incarnation, words[3], words[4], Integer.parseInt(words[5]), at, NEVER, End.NONE);
    }

    private void ended(Run run, String how, long at) {
        End end = how.equals("well") ? End.WELL : End.BADLY;
        add(new Run(run.incarnation(), run.listener(), run.event(), run.attempt(), run.start(), at, end));
    }

    private void add(Run run) {
        runs.computeIfAbsent(run.listener(), listener -> new ArrayList<>()).add(run);
    }

    /** The runs of one listener. */
    List<Run> of(String listener) {
        return runs.getOrDefault(listener, List.of());
    }

    /** When the first thing happened. */
    long origin() {
        return ups.values().stream().mapToLong(Long::longValue).min().orElse(0);
    }

    long count(Answer answer) {
        return publications.values().stream()
                .filter(publication -> publication.answers().contains(answer))
                .count();
    }
}
