package dev.convoke.examples.demo.summary;

import java.util.ArrayList;
import java.util.List;

/** A summary for people. Confined to one thread. */
public final class SummaryText {
    private static final int NARROWEST = 80;
    private static final int WIDEST = 100;

    private final Summary summary;
    private final int width;
    private final Style style;
    private final List<String> lines = new ArrayList<>();

    private SummaryText(Summary summary, int columns, boolean colour) {
        this.summary = summary;
        this.width = Math.max(NARROWEST, Math.min(WIDEST, columns));
        this.style = new Style(colour);
    }

    /**
     * Writes a summary.
     *
     * @param columns how wide the reader's terminal is
     * @param colour whether the reader wants colours
     */
    public static String of(Summary summary, int columns, boolean colour) {
        SummaryText text = new SummaryText(summary, columns, colour);
        text.write();
        return String.join("\n", text.lines) + "\n";
    }

    private void write() {
        headline();
        section("", new ResultTable(summary, style).lines());
        section("Failures by listener", new FailureList(summary, width, style).lines());
        summary.slowest().ifPresent(this::waterfall);
        section("What they left, in " + summary.work().directory(), WorkText.left(summary.work()));
        section("Search the index", WorkText.search(summary.work()));
    }

    private void headline() {
        lines.add(style.bold(Words.count(summary.publications()) + " publications, "
                + Words.count(summary.deliveryCount()) + " deliveries to "
                + summary.listeners().size() + " listeners, in " + Words.duration(summary.elapsed())));
        if (!summary.malformed().isEmpty()) {
            lines.add(style.red(summary.malformed().size() + " malformed lines, not published"));
        }
    }

    private void section(String title, List<String> content) {
        lines.add("");
        if (!title.isEmpty()) {
            lines.add(style.bold(title));
        }
        content.forEach(line -> lines.add("  " + line));
    }

    private void waterfall(PublicationTrace slowest) {
        String which = " (" + slowest.event().id() + "), " + Words.duration(slowest.took());
        String title = "Slowest publication: " + slowest.event().type().name();
        section(Words.shortened(title, width - which.length()) + which, new Waterfall(slowest, width, style).lines());
    }
}
