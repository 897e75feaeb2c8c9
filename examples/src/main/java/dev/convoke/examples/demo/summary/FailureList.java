package dev.convoke.examples.demo.summary;

import java.util.List;
import java.util.stream.Stream;

/** The listeners that failed, each with its causes. */
final class FailureList {
    private static final int COUNT_WIDTH = 5;

    private final Summary summary;
    private final int width;
    private final Style style;

    FailureList(Summary summary, int width, Style style) {
        this.summary = summary;
        this.width = width;
        this.style = style;
    }

    List<String> lines() {
        List<String> lines = summary.listeners().stream()
                .filter(listener -> !listener.failures().isEmpty())
                .flatMap(this::lines)
                .toList();
        return lines.isEmpty() ? List.of("none") : lines;
    }

    private Stream<String> lines(ListenerSummary listener) {
        String head = listener.listener() + "  " + style.red(Words.count(listener.failureCount()));
        return Stream.concat(Stream.of(head), listener.failures().stream().map(this::line));
    }

    private String line(FailureGroup group) {
        String count = Table.padded(Words.count(group.count()), COUNT_WIDTH) + " × ";
        String example = "  (first: " + group.firstId() + ")";
        int room = width - 2 - count.length() - example.length();
        return count + Words.shortened(group.cause(), room) + style.dim(example);
    }
}
