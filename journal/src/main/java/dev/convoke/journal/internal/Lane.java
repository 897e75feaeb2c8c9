package dev.convoke.journal.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The deliveries to one listener that are made one after another: those with the same key. */
record Lane(String listener, String key) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** A key longer than this is not in an index itself. */
    private static final int LONGEST_KEY = 200;

    /** The lane of events with this key; those without one are ordered among themselves. */
    static String keyOf(@Nullable String eventKey) {
        if (eventKey == null) {
            return "";
        }
        return eventKey.length() <= LONGEST_KEY ? eventKey : "sha-256:" + digest(eventKey);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The same number in every process: two lanes that share one wait for each other, and nothing worse. */
    long lockKey(long seed) {
        return hash(hash(hash(seed, listener), "\0"), key);
    }

    /** A number for this text, the same in every process. */
    static long seed(String text) {
        return hash(FNV_OFFSET, text);
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
