package dev.convoke.original;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Changes listeners so that the first of several failures is known.
 *
 * <p>When a publication starts, inline listeners run one after the other, each with what it publishes; in the original, all
 * of them start before anything that they publish does. A listener that publishes at once and then fails at once fails
 * before its later siblings here, and after them there. Such a listener goes on or suspends instead.
 */
record FailureOrder(Function<String, List<GeneratedListener>> listenersOf) {
    /** What a listener publishes has listeners of higher ranks, which are to be changed before. */
    void makeKnown(List<GeneratedListener> listeners) {
        listeners.stream()
                .sorted(Comparator.comparingInt(GeneratedListener::rank).reversed())
                .filter(this::publishesAndFailsAtOnce)
                .forEach(this::change);
    }

    private boolean publishesAndFailsAtOnce(GeneratedListener listener) {
        return failsAtOnce(listener) && atOnce(listener).stream().anyMatch(FailureOrder::isPublishing);
    }

    /** Whether it may fail before it is suspended. */
    private boolean failsAtOnce(GeneratedListener listener) {
        return atOnce(listener).stream().anyMatch(this::fails);
    }

    private boolean fails(String action) {
        return switch (action) {
            case "fail", "throw" -> true;
            default ->
                action.startsWith("publish:")
                        && listenersOf.apply(event(action)).stream().anyMatch(this::failsAtOnce);
        };
    }

    private void change(GeneratedListener listener) {
        List<String> actions = listener.actions();
        actions.replaceAll(action -> isPublishing(action) && fails(action) ? "try:" + event(action) : action);
        if (failsAtOnce(listener)) {
            actions.add(actions.size() - 1, "wait");
        }
    }

    /** What it does until it is suspended, or all. */
    private static List<String> atOnce(GeneratedListener listener) {
        int wait = listener.actions().indexOf("wait");
        return wait < 0 ? listener.actions() : listener.actions().subList(0, wait);
    }

    private static boolean isPublishing(String action) {
        return action.startsWith("publish:") || action.startsWith("try:");
    }

    private static String event(String action) {
        return action.substring(action.indexOf(':') + 1);
    }
}
