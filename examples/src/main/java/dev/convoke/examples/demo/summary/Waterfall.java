package dev.convoke.examples.demo.summary;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Draws one publication: a bar for each delivery, from left to right as time goes by.
 *
 * <p>Confined to one thread.
 */
final class Waterfall {
    private static final Comparator<DeliveryTrace> BY_START =
            Comparator.comparing(DeliveryTrace::queued).thenComparing(DeliveryTrace::listener);

    private static final String LAST = "  ← last";
    private static final int INDENT = 2;
    private static final int GAP = 2;
    private static final int TOOK_WIDTH = 9;
    private static final int STATE_WIDTH = 2 + "timed out".length() + LAST.length();

    private final List<DeliveryTrace> deliveries;
    private final Style style;
    private final int labelWidth;
    private final Scale scale;

    Waterfall(PublicationTrace publication, int width, Style style) {
        this.deliveries = publication.deliveries().stream().sorted(BY_START).toList();
        this.style = style;
        this.labelWidth = deliveries.stream()
                .mapToInt(delivery -> delivery.listener().length())
                .max()
                .orElse(0);
        int cells = width - labelWidth - TOOK_WIDTH - STATE_WIDTH - INDENT - 2 * GAP;
        this.scale = new Scale(publication.took(), cells);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        String margin = " ".repeat(labelWidth + GAP);
        lines.add(margin + style.dim(scale.labels()));
        lines.add(margin + style.dim(scale.ruler()));
        deliveries.forEach(delivery -> lines.add(row(delivery)));
        lines.add(margin + style.dim("· queued   █ running   ✗ failed   ← ended last"));
        return lines;
    }

    private String row(DeliveryTrace delivery) {
        return Table.padded(delivery.listener(), -labelWidth)
                + " ".repeat(GAP)
                + bar(delivery)
                + Table.padded(Words.duration(delivery.result().took()), TOOK_WIDTH)
                + " ".repeat(GAP)
                + state(delivery);
    }

    private String bar(DeliveryTrace delivery) {
        int start = scale.cell(delivery.queued());
        int cells = scale.cell(delivery.ended()) - start;
        String running = cells == 0 ? "▏" : "█".repeat(cells);
        int queued = Math.min(start, scale.cells() - running.length());
        return style.dim("·".repeat(queued))
                + (delivery.result().isFailure() ? style.red(running) : running)
                + " ".repeat(scale.cells() - queued - running.length());
    }

    private String state(DeliveryTrace delivery) {
        String words = delivery.kind().words();
        String state = delivery.result().isFailure() ? style.red("✗ " + words) : "✓ " + words;
        return isLast(delivery) ? state + LAST : state;
    }

    private boolean isLast(DeliveryTrace delivery) {
        Duration end = delivery.ended();
        return deliveries.stream().noneMatch(other -> other.ended().compareTo(end) > 0);
    }
}
