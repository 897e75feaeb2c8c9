package dev.convoke.internal.dispatch;

/**
 * The end of all deliveries of a publication, by the ticker.
 *
 * <p>Thread-safe.
 */
final class PublicationDeadline extends Deadlines.Entry {
    private final LivePublication<?> publication;

    PublicationDeadline(LivePublication<?> publication) {
        this.publication = publication;
    }

    /** Starts the clock; the time may be over already. */
    void start() {
        long at = publication.lineage().deadlineAt();
        if (at - deadlines().now() <= 0) {
            publication.timeOut();
        } else {
            deadlines().add(this, at);
        }
    }

    void remove() {
        deadlines().remove(this);
    }

    @Override
    void onDue() {
        publication.dispatcher().threads().aside(publication::timeOut);
    }

    private Deadlines deadlines() {
        return publication.dispatcher().deadlines();
    }
}
