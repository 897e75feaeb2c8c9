package dev.convoke.original;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What happened in each step of a script.
 *
 * <p>Within a step, publications stand one after the other by their ids, with the starts of their listeners in the order in
 * which they happened. How the listeners of different publications are interleaved is not in it: inline, a nested
 * publication starts within the call that makes it; in the original it starts after that listener's siblings.
 *
 * <p>Thread-safe.
 */
final class Transcript {
    private enum Kind {
        STARTS,
        ENDS,
        SAW,
        OTHER
    }

    private record Note(String publication, Kind kind, String order, String text) {}

    private static final Comparator<Note> ORDER =
            Comparator.comparing(Note::publication).thenComparing(Note::kind).thenComparing(Note::order);

    private final List<String> lines = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    void starts(String publication, String listener) {
        add(new Note(publication, Kind.STARTS, "", publication + " starts " + listener));
    }

    void ends(String publication, String delivery, String how) {
        add(new Note(publication, Kind.ENDS, delivery, publication + " ends " + delivery + " " + how));
    }

    void saw(String publication, String what) {
        add(new Note(publication, Kind.SAW, "", publication + " saw " + what));
    }

    void other(String text) {
        add(new Note("", Kind.OTHER, "", text));
    }

    private synchronized void add(Note note) {
        notes.add(note);
    }

    /** Writes a step that is over, and what was noted meanwhile. */
    synchronized void endStep(String step) {
        lines.add(step);
        notes.stream().sorted(ORDER).forEach(note -> lines.add("  " + note.text()));
        notes.clear();
    }

    /** Everything; if something was noted after the last step, that as well. */
    synchronized List<String> lines() {
        if (!notes.isEmpty()) {
            endStep("after the last step");
        }
        return List.copyOf(lines);
    }

    /**
     * Such lines without what threads may change: the order of starts, and which of the failures of one step was the first.
     * In which step the first failure was remains.
     */
    static List<String> withoutOrderInAStep(List<String> lines) {
        List<String> result = new ArrayList<>();
        List<String> inStep = new ArrayList<>();
        for (String line : lines) {
            if (!line.startsWith(" ")) {
                moveSorted(inStep, result);
                result.add(line);
            } else {
                inStep.add(line.replaceAll("boom \\S+ in step", "boom in step"));
            }
        }
        moveSorted(inStep, result);
        return result;
    }

    private static void moveSorted(List<String> from, List<String> to) {
        from.stream().sorted().forEach(to::add);
        from.clear();
    }
}
