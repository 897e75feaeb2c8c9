package dev.convoke.model;

/**
 * Something that happened to a delivery: as the coordinator showed it, or as the model expects it.
 *
 * @param publication the number of the publish call
 * @param listener the number of the subscription
 */
record Seen(Kind kind, int publication, int listener, String detail) {
    enum Kind {
        START,
        RETRY,
        RESULT,
        DEAD
    }

    @Override
    public String toString() {
        return kind + " publication " + publication + " at listener " + listener + ": " + detail;
    }
}
