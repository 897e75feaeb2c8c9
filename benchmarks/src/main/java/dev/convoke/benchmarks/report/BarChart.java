package dev.convoke.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * A picture of panels with horizontal bars, as SVG that needs nothing else and can be read on a light and on a dark page.
 *
 * <p>Bars are drawn to a linear scale from zero, each panel's own: a bar twice as long is twice as much.
 */
public final class BarChart {
    private static final int WIDTH = 760;
    private static final int LABELS = 210;
    private static final int VALUES = 90;
    private static final int BAR = 16;
    private static final int STEP = 23;
    private static final int HEADING = 44;
    private static final int LINE = 18;
    private static final int MARGIN = 14;
    private static final double THINNEST = 1.5;

    private static final String STYLE = """
              <style>
                text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
                .title { font-weight: 600; font-size: 15px; }
                .unit, .note { fill: #59636e; font-size: 12px; }
                .ours { font-weight: 600; }
                rect.peer { fill: #afb8c1; }
                rect.limit { fill: none; stroke: #818b98; stroke-dasharray: 3 2; }
                rect.ours { fill: #0969da; }
                @media (prefers-color-scheme: dark) {
                  text { fill: #e6edf3; }
                  .unit, .note { fill: #9198a1; }
                  rect.peer { fill: #656c76; }
                  rect.limit { stroke: #9198a1; }
                  rect.ours { fill: #4493f8; }
                }
              </style>
            """;

    /** Whose a bar is. */
    public enum Role {
        OURS,
        LIMIT,
        PEER
    }

    /**
     * One bar.
     *
     * @param text the value as it is to be read
     */
    public record Bar(String label, double value, String text, Role role) {}

    /** Bars that are to be compared. */
    public record Panel(String title, String unit, List<Bar> bars) {
        public Panel {
            bars = List.copyOf(bars);
        }
    }

    private final StringBuilder svg = new StringBuilder();

    private BarChart() {}

    /**
     * Draws panels one below the other.
     *
     * @param notes lines for the foot
     */
    public static String svg(List<Panel> panels, List<String> notes) {
        return new BarChart().draw(panels, notes);
    }

    private String draw(List<Panel> panels, List<String> notes) {
        int bottom = panels.stream().mapToInt(BarChart::height).sum();
        svg.append(start(bottom + notes.size() * LINE + 2 * MARGIN)).append(STYLE);
        int y = MARGIN;
        for (Panel panel : panels) {
            draw(panel, y);
            y += height(panel);
        }
        for (String note : notes) {
            y += LINE;
            text(MARGIN, y, "note", "start", note);
        }
        return svg.append("</svg>\n").toString();
    }

    private static String start(int height) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n"
                .formatted(WIDTH, height, WIDTH, height);
    }

    private static int height(Panel panel) {
        return HEADING + panel.bars().size() * STEP + MARGIN;
    }

    private void draw(Panel panel, int top) {
        text(MARGIN, top + 15, "title", "start", panel.title());
        text(MARGIN, top + 32, "unit", "start", panel.unit());
        double most = panel.bars().stream().mapToDouble(Bar::value).max().orElse(1);
        int y = top + HEADING;
        for (Bar bar : panel.bars()) {
            draw(bar, most, y);
            y += STEP;
        }
    }

    private void draw(Bar bar, double most, int y) {
        String role = bar.role().name().toLowerCase(Locale.ROOT);
        double length = Math.max(THINNEST, bar.value() / most * (WIDTH - LABELS - VALUES));
        text(LABELS - 8, y + 13, role, "end", bar.label());
        svg.append(String.format(
                Locale.ROOT,
                "  <rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n",
                role,
                LABELS,
                y,
                length,
                BAR));
        text((int) (LABELS + length + 6), y + 13, role, "start", bar.text());
    }

    private void text(int x, int y, String role, String anchor, String text) {
        svg.append("  <text x=\"%d\" y=\"%d\" class=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(x, y, role, anchor, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
