package dev.convoke.internal.bind;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A class and all types above it, and what their type variables stand for in it.
 *
 * <p>Thread-safe: immutable.
 *
 * @param types interfaces, then classes, each after those that it extends
 */
record Hierarchy(List<Class<?>> types, Map<TypeVariable<?>, Type> arguments) {
    static Hierarchy of(Class<?> type) {
        List<Class<?>> types = typesOf(type);
        Map<TypeVariable<?>, Type> arguments = new HashMap<>();
        for (Class<?> each : types) {
            learn(each.getGenericSuperclass(), arguments);
            Stream.of(each.getGenericInterfaces()).forEach(above -> learn(above, arguments));
        }
        return new Hierarchy(types, arguments);
    }

    private static List<Class<?>> typesOf(Class<?> type) {
        List<Class<?>> classes = new ArrayList<>();
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            classes.add(c);
            addInterfaces(c, interfaces);
        }
        Collections.reverse(classes);
        List<Class<?>> all = new ArrayList<>(interfaces);
        all.sort(Comparator.<Class<?>>comparingInt(Hierarchy::depth).thenComparing(Class::getName));
        all.addAll(classes);
        return all;
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> interfaces) {
        for (Class<?> each : type.getInterfaces()) {
            if (interfaces.add(each)) {
                addInterfaces(each, interfaces);
            }
        }
    }

    private static int depth(Class<?> anInterface) {
        return 1
                + Stream.of(anInterface.getInterfaces())
                        .mapToInt(Hierarchy::depth)
                        .max()
                        .orElse(0);
    }

    private static void learn(@Nullable Type above, Map<TypeVariable<?>, Type> arguments) {
        if (above instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            for (int i = 0; i < raw.getTypeParameters().length; i++) {
                arguments.put(raw.getTypeParameters()[i], generic.getActualTypeArguments()[i]);
            }
        }
    }

    /** What the type is in this class: another one only where it is a type variable with an argument. */
    Type resolve(Type type) {
        Type argument = type instanceof TypeVariable<?> ? arguments.get(type) : null;
        return argument == null ? type : resolve(argument);
    }

    /** The class that the type is in bytecode, in this class. */
    Class<?> erase(Type type) {
        Type resolved = resolve(type);
        if (resolved instanceof ParameterizedType generic) {
            return erase(generic.getRawType());
        } else if (resolved instanceof GenericArrayType array) {
            return erase(array.getGenericComponentType()).arrayType();
        } else if (resolved instanceof TypeVariable<?> variable) {
            return erase(variable.getBounds()[0]);
        } else if (resolved instanceof WildcardType wildcard) {
            return erase(wildcard.getUpperBounds()[0]);
        }
        return (Class<?>) resolved;
    }

    /** Whether the type is, or has in it, a type variable: nobody would know which type that is. */
    boolean isOpen(Type type) {
        Type resolved = resolve(type);
        return resolved instanceof ParameterizedType generic
                ? Stream.of(generic.getActualTypeArguments()).anyMatch(Hierarchy::hasVariable)
                : resolved instanceof TypeVariable<?>;
    }

    /** Of an argument of a type, which is handed on as it is: also a variable that this class has an argument for. */
    private static boolean hasVariable(Type argument) {
        return argument instanceof ParameterizedType generic
                ? Stream.of(generic.getActualTypeArguments()).anyMatch(Hierarchy::hasVariable)
                : argument instanceof TypeVariable<?>;
    }
}
