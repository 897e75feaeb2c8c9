package dev.convoke.journal.internal;

/** Patterns of event names: {@code *} stands for one segment, {@code **} for any number of them. Thread-safe: it has no state. */
final class Pattern {
    private static final java.util.regex.Pattern DOT = java.util.regex.Pattern.compile("\\.");

    private Pattern() {}

    /** Takes as many steps as there are segments in the pattern times those in the name, at most. */
    static boolean matches(String pattern, String name) {
        String[] segments = DOT.split(name, -1);
        boolean[] reached = new boolean[segments.length + 1]; // after how many segments the pattern so far may end
        reached[0] = true;
        for (String part : DOT.split(pattern, -1)) {
            reached = part.equals("**") ? fromFirst(reached) : after(part, segments, reached);
        }
        return reached[segments.length];
    }

    private static boolean[] fromFirst(boolean[] reached) {
        for (int i = 1; i < reached.length; i++) {
            reached[i] |= reached[i - 1];
        }
        return reached;
    }

    private static boolean[] after(String part, String[] segments, boolean[] reached) {
        boolean[] next = new boolean[reached.length];
        for (int i = 0; i < segments.length; i++) {
            next[i + 1] = reached[i] && (part.equals("*") || part.equals(segments[i]));
        }
        return next;
    }
}
