package dev.convoke.original;

/** What a scripted listener fails with. */
final class Boom extends Exception {
    private static final long serialVersionUID = 1L;

    Boom(String delivery, int step) {
        super("boom " + delivery + " in step " + step);
    }
}
