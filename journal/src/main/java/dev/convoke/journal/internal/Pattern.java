package dev.convoke.journal.internal;

/** Patterns of event names: {@code *} stands for one segment, {@code **} for any number of them. */
final class Pattern {
    private static final java.util.regex.Pattern DOT = java.util.regex.Pattern.compile("\\.");

    private Pattern() {}

    static boolean matches(String pattern, String name) {
        return matches(DOT.split(pattern, -1), 0, DOT.split(name, -1), 0);
    }

    private static boolean matches(String[] pattern, int i, String[] name, int j) {
        if (i == pattern.length) {
            return j == name.length;
        }
        if (pattern[i].equals("**")) {
            return matches(pattern, i + 1, name, j) || (j < name.length && matches(pattern, i, name, j + 1));
        }
        boolean fits = j < name.length && (pattern[i].equals("*") || pattern[i].equals(name[j]));
        return fits && matches(pattern, i + 1, name, j + 1);
    }
}
