package dev.convoke.journal.internal;

import java.util.Optional;

/**
 * What identifies a delivery.
 *
 * <p>Thread-safe: immutable.
 *
 * @param event the number of its event's row
 * @param listener the id of its listener
 */
record DeliveryId(long event, String listener) {
    /** Comes before every other one. */
    static final DeliveryId FIRST = new DeliveryId(Long.MIN_VALUE, "");

    private static final char SEPARATOR = '/';

    /** As an operator sees it. */
    String text() {
        return Long.toString(event) + SEPARATOR + listener;
    }

    /** What {@link #text} made; empty for any other text. */
    static Optional<DeliveryId> of(String text) {
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DeliveryId(Long.parseLong(text.substring(0, end)), text.substring(end + 1)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
