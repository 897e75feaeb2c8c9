package dev.convoke.internal.bind;

import dev.convoke.listener.OnEvent;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds the methods with {@link OnEvent} of a class and all types above it.
 *
 * <p>Thread-safe: immutable.
 */
record ListenerMethods(Hierarchy hierarchy) {
    // Reflection has no order of its own, and subscriptions are to have the same one on every machine.
    private static final Comparator<Method> ORDER = Comparator.comparing(Method::getName)
            .thenComparing(method -> List.of(method.getParameterTypes()).toString());

    /** By type, those that others extend first; then by name and by parameter types. What is overridden is there once. */
    List<Method> find() {
        List<Method> nearestFirst = new ArrayList<>();
        List<Class<?>> types = hierarchy.types();
        for (int i = types.size() - 1; i >= 0; i--) {
            annotated(types.get(i))
                    .filter(method -> nearestFirst.stream().noneMatch(nearer -> overrides(nearer, method)))
                    .forEachOrdered(nearestFirst::add);
        }
        Collections.reverse(nearestFirst);
        return nearestFirst;
    }

    /** Bridges bear the annotation as well; what they lead to is found where it is declared. */
    private static Stream<Method> annotated(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(OnEvent.class) && !method.isSynthetic())
                .sorted(ORDER.reversed());
    }

    private boolean overrides(Method nearer, Method method) {
        Class<?> type = nearer.getDeclaringClass();
        return !type.equals(method.getDeclaringClass())
                && isInherited(method, type)
                && !Modifier.isPrivate(nearer.getModifiers())
                && nearer.getName().equals(method.getName())
                && erased(nearer).equals(erased(method));
    }

    /** A class's method stands for that of any interface of the object, whichever class says that it implements it. */
    private static boolean isInherited(Method method, Class<?> type) {
        Class<?> above = method.getDeclaringClass();
        if (!above.isAssignableFrom(type) && (type.isInterface() || !above.isInterface())) {
            return false;
        }
        int modifiers = method.getModifiers();
        return Modifier.isPublic(modifiers)
                || Modifier.isProtected(modifiers)
                || (!Modifier.isPrivate(modifiers) && isSamePackage(above, type));
    }

    private static boolean isSamePackage(Class<?> one, Class<?> other) {
        return one.getPackageName().equals(other.getPackageName())
                && Objects.equals(
                        one.getClassLoader(),
                        other.getClassLoader()); // of equal names in two loaders, each has its own
    }

    private List<Class<?>> erased(Method method) {
        return Stream.of(method.getGenericParameterTypes())
                .<Class<?>>map(hierarchy::erase)
                .toList();
    }
}
