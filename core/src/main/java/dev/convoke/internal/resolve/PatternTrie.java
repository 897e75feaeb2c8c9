package dev.convoke.internal.resolve;

import dev.convoke.internal.check.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pattern → value, and which patterns match a name.
 *
 * <p>Names and patterns are segments with a {@code .} between them. In a pattern, {@code *} stands for exactly one segment
 * and {@code **} for any number of them, none included.
 *
 * <p>Thread-safe. Who looks never waits; what was put before is found.
 *
 * @param <V> the type of values
 */
final class PatternTrie<V> {
    /*
     * Concurrency
     * -----------
     * Changes are made under the lock. Walkers take none: links and values are volatile or in concurrent maps. A walker
     * may stand on a node that is being cut off; it has no value, and what takes its place was put after the walk began.
     */
    private static final String ANY = "*";
    private static final String REST = "**";
    private static final char DOT = '.';

    /** The place that a beginning of patterns leads to; there while a pattern goes through it. */
    private static final class Node<V> {
        final boolean isRest;
        final Map<String, Node<V>> literals = new ConcurrentHashMap<>();
        volatile @Nullable Node<V> any;
        volatile @Nullable Node<V> rest;
        volatile @Nullable V value;

        Node(boolean isRest) {
            this.isRest = isRest;
        }

        @Nullable Node<V> child(String segment) {
            return switch (segment) {
                case ANY -> any;
                case REST -> rest;
                default -> literals.get(segment);
            };
        }

        void link(String segment, @Nullable Node<V> child) {
            switch (segment) {
                case ANY -> any = child;
                case REST -> rest = child;
                default -> linkLiteral(segment, child);
            }
        }

        private void linkLiteral(String segment, @Nullable Node<V> child) {
            if (child == null) {
                literals.remove(segment);
            } else {
                literals.put(segment, child);
            }
        }

        boolean isEmpty() {
            return value == null && any == null && rest == null && literals.isEmpty();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Node<V> root = new Node<>(false);

    // ---- patterns ----

    /**
     * Returns the pattern.
     *
     * @throws IllegalArgumentException if it is not valid as a name, or a segment has a wildcard and more
     */
    static String requireValid(String pattern) {
        for (String segment : segments(Check.name("pattern", pattern))) {
            if (segment.indexOf('*') >= 0 && !segment.equals(ANY) && !segment.equals(REST)) {
                throw new IllegalArgumentException(
                        "a wildcard is a whole segment, * or **, unlike " + segment + " in the pattern " + pattern);
            }
        }
        return pattern;
    }

    private static List<String> segments(String text) {
        List<String> segments = new ArrayList<>();
        int from = 0;
        for (int dot = text.indexOf(DOT); dot >= 0; dot = text.indexOf(DOT, from)) {
            segments.add(text.substring(from, dot));
            from = dot + 1;
        }
        segments.add(text.substring(from));
        return segments;
    }

    /** The value of this very pattern, or a new one. */
    V computeIfAbsent(String pattern, Supplier<V> create) {
        lock.lock();
        try {
            Node<V> node = grow(pattern);
            V value = node.value;
            if (value == null) {
                value = create.get();
                node.value = value;
            }
            return value;
        } finally {
            lock.unlock();
        }
    }

    private Node<V> grow(String pattern) {
        Node<V> node = root;
        for (String segment : segments(pattern)) {
            Node<V> child = node.child(segment);
            if (child == null) {
                child = new Node<>(segment.equals(REST));
                node.link(segment, child);
            }
            node = child;
        }
        return node;
    }

    /** Removes the pattern if its value equals this one, and says whether it did. */
    boolean remove(String pattern, V value) {
        lock.lock();
        try {
            boolean had = value.equals(get(pattern));
            if (had) {
                prune(root, segments(pattern), 0);
            }
            return had;
        } finally {
            lock.unlock();
        }
    }

    private void prune(Node<V> node, List<String> segments, int depth) {
        if (depth == segments.size()) {
            node.value = null;
            return;
        }
        String segment = segments.get(depth);
        Node<V> child = node.child(segment);
        if (child != null) {
            prune(child, segments, depth + 1);
            if (child.isEmpty()) {
                node.link(segment, null);
            }
        }
    }

    /** The value of this very pattern, or null. */
    @Nullable V get(String pattern) {
        Node<V> node = root;
        for (String segment : segments(pattern)) {
            node = node.child(segment);
            if (node == null) {
                return null;
            }
        }
        return node.value;
    }

    /** Whether there is no pattern, nor any trace of one. */
    boolean isEmpty() {
        return root.isEmpty();
    }

    /** Gives every value. */
    void forEach(Consumer<? super V> action) {
        give(root, action);
    }

    private void give(@Nullable Node<V> node, Consumer<? super V> action) {
        if (node != null) {
            giveValue(node, action);
            node.literals.values().forEach(child -> give(child, action));
            give(node.any, action);
            give(node.rest, action);
        }
    }

    // ---- names ----

    /**
     * Gives the value of each pattern that matches the name, once.
     *
     * <p>All ways through the patterns are gone at once, segment by segment, so that several {@code **} in a pattern
     * multiply nothing.
     */
    void match(String name, Consumer<? super V> action) {
        List<Node<V>> reached = new ArrayList<>();
        enter(root, reached);
        int from = 0;
        while (from >= 0 && !reached.isEmpty()) {
            int dot = name.indexOf(DOT, from);
            String segment = name.substring(from, dot < 0 ? name.length() : dot);
            reached = step(reached, segment);
            from = dot < 0 ? -1 : dot + 1;
        }
        for (Node<V> node : reached) {
            giveValue(node, action);
        }
    }

    private List<Node<V>> step(List<Node<V>> reached, String segment) {
        List<Node<V>> next = new ArrayList<>(reached.size() + 1);
        for (Node<V> node : reached) {
            if (node.isRest) {
                enter(node, next); // it stands for this segment, too
            }
            enter(node.literals.get(segment), next);
            enter(node.any, next);
        }
        return next;
    }

    /** Enters a node, and the one behind it that stands for no segment. */
    private void enter(@Nullable Node<V> node, List<Node<V>> reached) {
        // Only a ** can be reached twice at the same segment: from itself and from what is before it.
        if (node != null && !(node.isRest && reached.contains(node))) {
            reached.add(node);
            enter(node.rest, reached);
        }
    }

    private void giveValue(Node<V> node, Consumer<? super V> action) {
        V value = node.value;
        if (value != null) {
            action.accept(value);
        }
    }
}
