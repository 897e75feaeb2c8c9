package dev.convoke.internal.bind;

import dev.convoke.internal.check.Check;
import dev.convoke.listener.OnEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Turns an object with {@link OnEvent} methods into listeners. Nothing of the object, nor of its class, is kept but in
 * what is returned.
 *
 * <p>Thread-safe: it has no state.
 */
public final class AnnotatedListeners {
    private AnnotatedListeners() {}

    /**
     * Binds all listener methods of an object whose classes are open to this module, or on the class path.
     *
     * @throws IllegalArgumentException as the method with a lookup does
     */
    public static List<Binding> bind(Object listeners) {
        return bind(listeners, MethodHandles.lookup());
    }

    /**
     * Binds all listener methods of an object: those of interfaces and superclasses first, then by name and parameters.
     *
     * @throws dev.convoke.listener.NotAsyncListenerException if one neither returns a stage nor is declared blocking
     * @throws IllegalArgumentException if there is none, or one is not valid or not accessible
     */
    public static List<Binding> bind(Object listeners, Lookup lookup) {
        Check.present("listeners", listeners);
        Check.present("lookup", lookup);
        Hierarchy hierarchy = Hierarchy.of(listeners.getClass());
        List<Method> methods = new ListenerMethods(hierarchy).find();
        if (methods.isEmpty()) {
            throw new IllegalArgumentException(
                    "no method of " + listeners.getClass().getTypeName() + " has @OnEvent");
        }
        return methods.stream()
                .map(method -> bind(ListenerMethod.of(method, hierarchy), listeners, lookup))
                .toList();
    }

    private static Binding bind(ListenerMethod method, Object listeners, Lookup lookup) {
        method.requireAsync();
        return new Binding(
                method.event(),
                method.eventType(),
                ListenerClass.calling(
                        ListenerHandle.of(method, listeners, lookup), method.isContextual(), method.isBlocking()),
                method.options());
    }
}
