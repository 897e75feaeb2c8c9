package dev.convoke.examples.demo.summary;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells: the first column flush left, the others flush right. Confined to one thread. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    /** The rows as lines, each as wide as the others. */
    List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder(padded(cells.get(0), -width(0)));
        for (int column = 1; column < cells.size(); column++) {
            line.append(GAP).append(padded(cells.get(column), width(column)));
        }
        return line.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    /** The text, filled up with blanks: on the left, or on the right of it where the width is negative. */
    static String padded(String text, int width) {
        String blanks = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
        return width < 0 ? text + blanks : blanks + text;
    }
}
