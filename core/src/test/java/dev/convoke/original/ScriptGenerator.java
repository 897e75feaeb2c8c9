package dev.convoke.original;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes scripts, the same one for the same seed.
 *
 * <p>Two things are left out, since they depend on how nested publications are interleaved, which differs: a listener does
 * not publish an event that listeners subscribe others to; and in ordered scripts, which are every other one, the failures
 * of one publication that fall into one step come from listeners that did not publish in that step.
 *
 * <p>Confined to one thread.
 */
final class ScriptGenerator {
    /** A listener of one of these publishes only those behind it, so that no script goes on for ever. */
    private static final List<String> EVENTS = List.of("a", "b", "c", "d");

    /** What listeners subscribe others to: to each event always the same one, so that their order does not matter. */
    private static final List<String> GROWING = List.of("g", "h");

    private static final String UNHEARD = "nobody";
    private static final List<String> VALUES =
            List.of("1", "-7", "0", "\"tea\"", "\"Grüße\"", "\"🍵\"", "\"\"", "null", "true");
    private static final List<String> NAMES = List.of("k", "size", "größe");
    private static final int MOST_PUBLICATIONS = 6;

    private final long seed;
    private final SplittableRandom random;
    private final List<GeneratedListener> listeners = new ArrayList<>();
    private final List<Subscribing> subscribing = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> published = new ArrayList<>();
    private final List<String> notAwaited = new ArrayList<>();

    /** A step that subscribes. */
    private record Subscribing(String event, GeneratedListener listener) {}

    private ScriptGenerator(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    static Script script(long seed) {
        return new ScriptGenerator(seed).generate();
    }

    private Script generate() {
        boolean ordered = seed % 2 == 0;
        chooseListeners();
        chooseSubscriptions();
        if (ordered) {
            new FailureOrder(this::listenersOf).makeKnown(listeners);
        }
        listeners.forEach(listener -> lines.add(listener.line()));
        times(6, 14, this::addSubscribe);
        times(8, 24, this::addAnyStep);
        addEnd();
        return new Script("seed " + seed, ordered, List.copyOf(lines));
    }

    // ---- who listens to what ----

    private void chooseListeners() {
        int count = random.nextInt(5, 10);
        for (int i = 0; i < count; i++) {
            boolean subscribes = i >= GROWING.size(); // those that are subscribed by others do not
            listeners.add(new GeneratedListener(String.valueOf((char) ('A' + i)), random.nextInt(EVENTS.size())));
            chooseActions(listeners.get(i), subscribes);
        }
    }

    private void chooseActions(GeneratedListener listener, boolean subscribes) {
        List<String> later = EVENTS.subList(listener.rank() + 1, EVENTS.size());
        times(0, 4, () -> {
            int kind = random.nextInt(100);
            if (kind < 30) {
                listener.actions().add("wait");
            } else if (kind < 85 && !later.isEmpty()) {
                listener.actions().add((random.nextBoolean() ? "publish:" : "try:") + one(later));
            } else if (kind >= 85 && subscribes) {
                int growing = random.nextInt(GROWING.size());
                listener.actions()
                        .add("subscribe:" + GROWING.get(growing) + ":"
                                + listeners.get(growing).label());
            }
        });
        listener.actions().add(chooseEnd(listener));
    }

    /** Who was suspended is alone in its step: a cancellation does not compete with a failure. */
    private String chooseEnd(GeneratedListener listener) {
        int kind = random.nextInt(100);
        if (kind < 45) {
            return "return";
        } else if (kind < 60) {
            return "echo";
        } else if (kind < 70 && listener.actions().contains("wait")) {
            return "cancel";
        }
        return random.nextBoolean() ? "fail" : "throw";
    }

    private void chooseSubscriptions() {
        times(8, 18, () -> {
            GeneratedListener listener = one(listeners);
            boolean grows = random.nextInt(5) == 0;
            String event = grows ? one(GROWING) : EVENTS.get(random.nextInt(listener.rank() + 1));
            subscribing.add(new Subscribing(event, listener));
        });
    }

    private List<GeneratedListener> listenersOf(String event) {
        return subscribing.stream()
                .filter(each -> each.event().equals(event))
                .map(Subscribing::listener)
                .toList();
    }

    // ---- steps ----

    private void addAnyStep() {
        int kind = random.nextInt(100);
        if (kind < 30) {
            addPublish();
        } else if (kind < 65) {
            lines.add("release " + random.nextInt(10));
        } else if (kind < 80) {
            addAwait();
        } else if (kind < 88) {
            addSubscribe();
        } else if (kind < 92) {
            addCancel();
        } else if (kind < 96) {
            lines.add("refuse " + one(EVENTS) + (random.nextBoolean() ? " nothing" : " blocking"));
        } else {
            lines.add("table");
        }
    }

    private void addSubscribe() {
        if (!subscribing.isEmpty()) {
            Subscribing next = subscribing.remove(0);
            lines.add("subscribe " + next.event() + " " + next.listener().label());
        }
    }

    private void addPublish() {
        if (published.size() == MOST_PUBLICATIONS) {
            return;
        }
        String id = "p" + (published.size() + 1);
        published.add(id);
        notAwaited.add(id);
        StringBuilder line = new StringBuilder("publish " + id + " " + chooseEvent());
        times(0, 4, () -> line.append(' ').append(one(VALUES)));
        NAMES.stream()
                .filter(name -> random.nextInt(3) == 0)
                .forEach(name -> line.append(' ').append(name).append('=').append(one(VALUES)));
        lines.add(line.toString());
    }

    private String chooseEvent() {
        int kind = random.nextInt(100);
        if (kind < 5) {
            return UNHEARD;
        }
        return kind < 25 ? one(GROWING) : EVENTS.get(random.nextInt(random.nextInt(EVENTS.size()) + 1));
    }

    /** Also of one that is awaited already. */
    private void addAwait() {
        if (!published.isEmpty()) {
            String id = one(published);
            notAwaited.remove(id);
            lines.add("await " + id);
        }
    }

    private void addCancel() {
        if (!published.isEmpty()) {
            lines.add("cancel " + one(published));
        }
    }

    private void addEnd() {
        List<String> inAnyOrder = new ArrayList<>();
        notAwaited.forEach(id -> inAnyOrder.add(random.nextInt(inAnyOrder.size() + 1), "await " + id));
        inAnyOrder.add(random.nextInt(inAnyOrder.size() + 1), "finish");
        lines.addAll(inAnyOrder);
        lines.add("table");
    }

    // ---- chance ----

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void times(int least, int bound, Runnable task) {
        IntStream.range(0, random.nextInt(least, bound)).forEach(i -> task.run());
    }
}
