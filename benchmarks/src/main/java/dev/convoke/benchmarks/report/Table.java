package dev.convoke.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Markdown table of one scenario; columns in which nothing is are left out. */
public final class Table {
    private static final List<String> ALIGNMENT = List.of("---", "---", "--:", "--:", "--:", "--:", "---", "---");

    private final List<String> headings;
    private final List<List<String>> lines = new ArrayList<>();

    /**
     * @param parameter the heading of the first column
     * @param compared what the ratios are of
     */
    public Table(String parameter, Metric compared) {
        String ratio = compared == Metric.CPU ? "ratio of CPU" : "ratio";
        headings = List.of(parameter, "subject", "time", ratio, "bytes", "CPU", "events", "goal");
    }

    public void add(Row row) {
        lines.add(row.cells());
    }

    public String markdown() {
        List<Integer> columns =
                IntStream.range(0, headings.size()).filter(this::isUsed).boxed().toList();
        StringBuilder text = new StringBuilder();
        text.append(line(headings, columns)).append(line(ALIGNMENT, columns));
        lines.forEach(cells -> text.append(line(cells, columns)));
        return text.toString();
    }

    private boolean isUsed(int column) {
        return lines.stream().anyMatch(cells -> !cells.get(column).isEmpty());
    }

    private static String line(List<String> cells, List<Integer> columns) {
        return columns.stream().map(cells::get).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
