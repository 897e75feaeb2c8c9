package dev.convoke.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table of one scenario. */
public final class Table {
    private final List<List<String>> lines = new ArrayList<>();

    /** @param parameter the heading of the first column */
    public Table(String parameter) {
        lines.add(List.of(parameter, "subject", "time", "ratio", "bytes", "CPU", "events", "goal"));
        lines.add(List.of("---", "---", "--:", "--:", "--:", "--:", "---", "---"));
    }

    public void add(Row row) {
        lines.add(row.cells());
    }

    public String markdown() {
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            text.append("| ").append(String.join(" | ", line)).append(" |\n");
        }
        return text.toString();
    }
}
