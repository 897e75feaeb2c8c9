package dev.convoke.original;

import java.util.List;
import java.util.stream.Collectors;

/** What both sides made of one script. Thread-safe: immutable. */
record Comparison(Script script, List<String> original, List<String> convoke) {
    boolean isEqual() {
        return original.equals(convoke);
    }

    int length() {
        return script.lines().size();
    }

    /** The comparison without what threads may change. */
    Comparison withoutOrderInAStep() {
        return new Comparison(
                script, Transcript.withoutOrderInAStep(original), Transcript.withoutOrderInAStep(convoke));
    }

    private int firstDifference() {
        int line = 0;
        while (line < Math.min(original.size(), convoke.size())
                && original.get(line).equals(convoke.get(line))) {
            line++;
        }
        return line;
    }

    @Override
    public String toString() {
        int line = firstDifference();
        return script + "first difference, in line " + (line + 1) + ":\n"
                + "    original: " + lineOrEnd(original, line) + "\n"
                + "    Convoke:  " + lineOrEnd(convoke, line) + "\n"
                + "the original's transcript:\n" + indented(original)
                + "Convoke's transcript:\n" + indented(convoke);
    }

    private static String lineOrEnd(List<String> lines, int line) {
        return line < lines.size() ? lines.get(line).strip() : "(the end)";
    }

    private static String indented(List<String> lines) {
        return lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    }
}
