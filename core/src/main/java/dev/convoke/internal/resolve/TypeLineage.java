package dev.convoke.internal.resolve;

import java.lang.invoke.MethodType;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A class and all its supertypes: those that {@link Class#isInstance} says yes to for its instances.
 *
 * <p>Thread-safe.
 */
final class TypeLineage {
    /*
     * A class keeps its lineage itself, as a ClassValue: it goes with the class, and holds nothing but types that the
     * class holds anyway. A map from class to anything would keep class loaders of undeployed code alive.
     */
    private static final ClassValue<Class<?>[]> LINEAGES = new ClassValue<>() {
        @Override
        protected Class<?>[] computeValue(Class<?> type) {
            Set<Class<?>> found = new LinkedHashSet<>();
            climb(type, found);
            return found.toArray(Class<?>[]::new);
        }
    };

    private TypeLineage() {}

    /** The class and its supertypes, each once; not to be written to. */
    static Class<?>[] of(Class<?> type) {
        return LINEAGES.get(type);
    }

    /** The class that values of this one are instances of: a primitive class's box, or the class itself. */
    static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    private static void climb(@Nullable Class<?> type, Set<Class<?>> found) {
        if (type != null && found.add(type)) {
            climb(type.getSuperclass(), found);
            for (Class<?> parent : type.getInterfaces()) {
                climb(parent, found);
            }
            climbAsArray(type, found);
        }
    }

    /** An array of strings is an array of objects, too. */
    private static void climbAsArray(Class<?> type, Set<Class<?>> found) {
        Class<?> component = type.getComponentType();
        if (component != null && !component.isPrimitive()) {
            for (Class<?> parent : of(component)) {
                climb(parent.arrayType(), found);
            }
        }
    }
}
