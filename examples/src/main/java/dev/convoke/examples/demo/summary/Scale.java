package dev.convoke.examples.demo.summary;

import java.time.Duration;

/**
 * Time on a line of cells.
 *
 * @param total what all cells stand for
 * @param cells how many there are
 */
record Scale(Duration total, int cells) {
    private static final int CELLS_A_TICK = 10;
    private static final double[] ROUND = {1, 2, 5, 10};
    private static final double NANOS_A_MILLI = 1_000_000;

    /** The cell that a moment falls on; the number of cells for the end. */
    int cell(Duration moment) {
        return cell(millis(moment));
    }

    private int cell(double millis) {
        double total = Math.max(millis(this.total), Double.MIN_NORMAL);
        return (int) Math.min(cells, Math.round(cells * millis / total));
    }

    /** The milliseconds over the ruler. */
    String labels() {
        StringBuilder labels = new StringBuilder("0 ms");
        for (double tick = step(); hasRoom(tick); tick += step()) {
            labels.append(" ".repeat(Math.max(1, cell(tick) - labels.length())));
            labels.append(Math.round(tick));
        }
        return labels.toString();
    }

    /** A line with a mark under each label. */
    String ruler() {
        StringBuilder ruler = new StringBuilder("├" + "─".repeat(Math.max(0, cells - 2)) + "┤");
        for (double tick = step(); hasRoom(tick); tick += step()) {
            ruler.setCharAt(cell(tick), '┼');
        }
        return ruler.toString();
    }

    /** Whether a tick stays clear of the end. */
    private boolean hasRoom(double tick) {
        return cell(tick) < cells - 1;
    }

    /** The smallest round number of milliseconds, one at least, that keeps ticks ten cells apart. */
    private double step() {
        double least = Math.max(1, millis(total) * CELLS_A_TICK / cells);
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double round : ROUND) {
            if (round * power >= least) {
                return round * power;
            }
        }
        return least;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_A_MILLI;
    }
}
