package dev.convoke.journal.internal;

/** The deliveries to one listener that are made one after another: those with the same key. */
record Lane(String listener, String key) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** The same number in every process: two lanes that share one wait for each other, and nothing worse. */
    long lockKey() {
        return hash(hash(hash(FNV_OFFSET, listener), "\0"), key);
    }

    /** FNV-1a. */
    private static long hash(long from, String text) {
        long hash = from;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
