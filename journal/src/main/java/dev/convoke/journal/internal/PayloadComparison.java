package dev.convoke.journal.internal;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Compares a payload with what came back, all the way down: classes, and the values of all fields that are to come back. A user's `equals`
 * decides nothing, as it may look at an id alone.
 *
 * <p>Collections and maps are compared by what is in them, in their order where they have one: a list may come back as another kind of list.
 * Whether two fields shared one object is not compared. Thread-safe.
 */
final class PayloadComparison {
    /** How deep a payload is before it is remembered what was compared, so that a cycle has an end. */
    private static final int SHALLOW = 64;

    /** Deeper than anything that JSON is read back from; what is deeper is a chain inside of one value. */
    private static final int DEEPEST = 1_000;

    private final ObjectMapper mapper;

    /** How objects of a class are compared; found out once. */
    private final Map<Class<?>, Comparer> comparers = new ConcurrentHashMap<>();

    PayloadComparison(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * What did not come back.
     *
     * @param path to it, from the payload on: {@code .items[2].note}
     * @param what became of it; it quotes no values
     */
    record Difference(String path, String what) {
        Difference at(String step) {
            return new Difference(step + path, what);
        }

        @Override
        public String toString() {
            String where = path.startsWith(".") ? path.substring(1) : path;
            return where.isEmpty() ? what : "field " + where + ": " + what;
        }
    }

    /** Compares objects of one class with others. Neither is null, and they are not the same. */
    private interface Comparer {
        @Nullable Difference compare(Walk walk, Object was, Object is);
    }

    /**
     * The first difference, or null.
     *
     * @throws IllegalArgumentException if a field cannot be read
     */
    @Nullable Difference between(Object was, Object is) {
        return new Walk().compare(was, is);
    }

    /** One comparison. Confined to its thread. */
    private final class Walk {
        private int depth;
        private @Nullable IdentityHashMap<Object, Object> met;

        @Nullable Difference compare(@Nullable Object was, @Nullable Object is) {
            if (was == is) {
                return null;
            }
            if (was == null || is == null) {
                return new Difference("", nameOf(was) + " comes back as " + nameOf(is));
            }
            if (depth > SHALLOW && hasMet(was, is)) {
                return null;
            }
            depth++;
            Difference found =
                    depth > DEEPEST ? byEquals(was, is) : comparerOf(was).compare(this, was, is);
            depth--;
            return found;
        }

        @SuppressWarnings("ReferenceEquality") // which two objects were met is what is asked
        private boolean hasMet(Object was, Object is) {
            IdentityHashMap<Object, Object> known = met;
            if (known == null) {
                known = new IdentityHashMap<>();
                met = known;
            }
            return known.put(was, is) == is;
        }
    }

    private static String nameOf(@Nullable Object object) {
        return object == null ? "null" : "a " + object.getClass().getTypeName();
    }

    private Comparer comparerOf(Object was) {
        Comparer known = comparers.get(was.getClass());
        if (known == null) {
            known = comparer(was);
            comparers.put(was.getClass(), known);
        }
        return known;
    }

    private Comparer comparer(Object was) {
        if (was instanceof Collection) {
            return withFields(was.getClass(), PayloadComparison::collections);
        }
        if (was instanceof Map) {
            return withFields(was.getClass(), PayloadComparison::maps);
        }
        if (was instanceof JsonNode) {
            return (walk, a, b) -> a.toString().equals(b.toString()) ? null : changed(a, b);
        }
        if (was.getClass().isArray()) {
            return PayloadComparison::arrays;
        }
        if (was instanceof Enum || ComparedFields.isOfJdk(was.getClass())) {
            return ofJdk(was);
        }
        return bean(was.getClass());
    }

    // ---- values of the JDK ----

    private static Comparer ofJdk(Object was) {
        if (was instanceof Optional || was instanceof AtomicReference) {
            return (walk, a, b) -> a.getClass() == b.getClass() ? walk.compare(inside(a), inside(b)) : changed(a, b);
        }
        if (was instanceof Map.Entry) {
            return PayloadComparison::entries;
        }
        if (was instanceof AtomicInteger
                || was instanceof AtomicLong
                || was instanceof AtomicBoolean
                || was
                        instanceof
                        CharSequence) { // these have no equals of their own, and are no more than what they print
            return (walk, a, b) ->
                    a.getClass() == b.getClass() && a.toString().equals(b.toString()) ? null : changed(a, b);
        }
        if (was instanceof Pattern) {
            return PayloadComparison::patterns;
        }
        return (walk, a, b) -> byEquals(a, b);
    }

    private static @Nullable Object inside(Object reference) {
        return reference instanceof Optional<?> optional
                ? optional.orElse(null)
                : ((AtomicReference<?>) reference).get();
    }

    private static @Nullable Difference entries(Walk walk, Object was, Object is) {
        if (!(is instanceof Map.Entry<?, ?> entry)) {
            return changed(was, is);
        }
        Map.Entry<?, ?> first = (Map.Entry<?, ?>) was;
        Difference key = walk.compare(first.getKey(), entry.getKey());
        return key == null ? walk.compare(first.getValue(), entry.getValue()) : key;
    }

    private static @Nullable Difference patterns(Walk walk, Object was, Object is) {
        boolean isSame = is instanceof Pattern pattern
                && pattern.pattern().equals(((Pattern) was).pattern())
                && pattern.flags() == ((Pattern) was).flags();
        return isSame ? null : changed(was, is);
    }

    private static @Nullable Difference byEquals(Object was, Object is) {
        return was.getClass() == is.getClass() && was.equals(is) ? null : changed(was, is);
    }

    private static Difference changed(Object was, Object is) {
        return new Difference(
                "",
                was.getClass() == is.getClass()
                        ? nameOf(was) + " comes back with another value"
                        : nameOf(was) + " comes back as " + nameOf(is));
    }

    private static @Nullable Difference arrays(Walk walk, Object was, Object is) {
        int length = Array.getLength(was);
        if (was.getClass() != is.getClass() || length != Array.getLength(is)) {
            return changed(was, is);
        }
        Difference found = null;
        for (int i = 0; i < length && found == null; i++) {
            found = walk.compare(Array.get(was, i), Array.get(is, i));
            found = found == null ? null : found.at("[" + i + "]");
        }
        return found;
    }

    // ---- what has fields ----

    private Comparer bean(Class<?> type) {
        Comparer fields = fields(type);
        boolean isWhole = ofJdkAbove(type) == Object.class || ofJdkAbove(type) == Record.class;
        return (walk, was, is) -> {
            Difference found = was.getClass() == is.getClass() ? fields.compare(walk, was, is) : changed(was, is);
            return found == null && !isWhole ? byEquals(was, is) : found;
        };
    }

    private static Class<?> ofJdkAbove(Class<?> type) {
        Class<?> at = type;
        while (!ComparedFields.isOfJdk(at)) {
            at = at.getSuperclass();
        }
        return at;
    }

    private Comparer fields(Class<?> type) {
        List<ComparedFields.Compared> fields = ComparedFields.of(type, mapper);
        return (walk, was, is) -> {
            for (ComparedFields.Compared field : fields) {
                Difference found = walk.compare(field.of(was), field.of(is));
                if (found != null) {
                    return named(found, field);
                }
            }
            return null;
        };
    }

    private static Difference named(Difference found, ComparedFields.Compared field) {
        String what = found.path().isEmpty() ? found.what() + " (in " + field.owner() + ")" : found.what();
        return new Difference(found.path(), what).at("." + field.name());
    }

    /** A collection of a user's own may have fields beside its elements. */
    private Comparer withFields(Class<?> type, Comparer elements) {
        boolean mayHave = !ComparedFields.isOfJdk(type)
                && !java.lang.reflect.Modifier.isAbstract(ofJdkAbove(type).getModifiers());
        boolean hasNone = !mayHave
                || ofJdkAbove(type) == Object.class
                || ComparedFields.of(type, mapper).isEmpty();
        return hasNone ? elements : both(fields(type), elements);
    }

    private static Comparer both(Comparer fields, Comparer elements) {
        return (walk, was, is) -> {
            Difference found = was.getClass() == is.getClass() ? fields.compare(walk, was, is) : changed(was, is);
            return found == null ? elements.compare(walk, was, is) : found;
        };
    }

    // ---- collections and maps ----

    private static @Nullable Difference collections(Walk walk, Object was, Object is) {
        if (!(is instanceof Collection<?> then) || was instanceof List != is instanceof List) {
            return changed(was, is);
        }
        Collection<?> now = (Collection<?>) was;
        if (now.size() != then.size()) {
            return new Difference("", now.size() + " elements come back as " + then.size());
        }
        if (!Optional.ofNullable(order(was)).equals(Optional.ofNullable(order(is)))) {
            return new Difference("", nameOf(was) + " comes back without its comparator");
        }
        Difference found = inOrder(walk, now, then);
        boolean hasOrder = !(was instanceof Set) || was instanceof LinkedHashSet || was instanceof SortedSet;
        return found == null || hasOrder ? found : inAnyOrder(walk, now, then);
    }

    private static @Nullable Difference inOrder(Walk walk, Collection<?> was, Collection<?> is) {
        Iterator<?> then = is.iterator();
        int index = 0;
        for (Object element : was) {
            Difference found = walk.compare(element, then.next());
            if (found != null) {
                return found.at("[" + index + "]");
            }
            index++;
        }
        return null;
    }

    private static @Nullable Difference inAnyOrder(Walk walk, Collection<?> was, Collection<?> is) {
        for (Object element : was) {
            if (is.stream().noneMatch(other -> walk.compare(element, other) == null)) {
                return new Difference("[]", nameOf(element) + " of a set does not come back");
            }
        }
        return null;
    }

    /** What sorts the elements, where that is not their own order. */
    private static @Nullable Object order(Object container) {
        Comparator<?> comparator = null;
        if (container instanceof SortedSet<?> set) {
            comparator = set.comparator();
        } else if (container instanceof SortedMap<?, ?> map) {
            comparator = map.comparator();
        } else if (container instanceof PriorityQueue<?> queue) {
            comparator = queue.comparator();
        }
        return Comparator.naturalOrder().equals(comparator) ? null : comparator;
    }

    private static @Nullable Difference maps(Walk walk, Object was, Object is) {
        if (!(is instanceof Map<?, ?> then)) {
            return changed(was, is);
        }
        Map<?, ?> now = (Map<?, ?>) was;
        if (now.size() != then.size()) {
            return new Difference("", now.size() + " entries come back as " + then.size());
        }
        if (!Optional.ofNullable(order(was)).equals(Optional.ofNullable(order(is)))) {
            return new Difference("", nameOf(was) + " comes back without its comparator");
        }
        Difference found = inOrder(walk, now, then);
        boolean hasOrder = was instanceof LinkedHashMap || was instanceof SortedMap;
        return found == null || hasOrder ? found : byKeys(walk, now, then);
    }

    private static @Nullable Difference inOrder(Walk walk, Map<?, ?> was, Map<?, ?> is) {
        Iterator<? extends Map.Entry<?, ?>> then = is.entrySet().iterator();
        for (Map.Entry<?, ?> entry : was.entrySet()) {
            Difference found = entries(walk, entry, then.next());
            if (found != null) {
                return found.at("[" + entry.getKey() + "]");
            }
        }
        return null;
    }

    private static @Nullable Difference byKeys(Walk walk, Map<?, ?> was, Map<?, ?> is) {
        for (Map.Entry<?, ?> entry : was.entrySet()) {
            Difference found = is.containsKey(entry.getKey())
                    ? walk.compare(entry.getValue(), is.get(entry.getKey()))
                    : new Difference("", nameOf(entry.getKey()) + " as a key does not come back");
            if (found != null) {
                return found.at("[" + entry.getKey() + "]");
            }
        }
        return null;
    }
}
