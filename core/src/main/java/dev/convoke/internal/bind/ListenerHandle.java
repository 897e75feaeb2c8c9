package dev.convoke.internal.bind;

import dev.convoke.event.Event;
import dev.convoke.internal.bind.ListenerMethod.Asked;
import dev.convoke.listener.EventContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes method handles of listener methods: whatever a method takes and returns, its handle takes payload and context, and
 * returns a stage.
 *
 * <p>Thread-safe: it has no state.
 */
final class ListenerHandle {
    /** What every handle is. */
    static final MethodType TYPE = MethodType.methodType(CompletionStage.class, Object.class, EventContext.class);

    private static final MethodHandle EVENT;
    private static final MethodHandle COMPLETED;

    static {
        Lookup lookup = MethodHandles.lookup();
        try {
            EVENT = lookup.findVirtual(EventContext.class, "event", MethodType.methodType(Event.class));
            COMPLETED = lookup.findStatic(
                    ListenerHandle.class, "completed", MethodType.methodType(CompletionStage.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private ListenerHandle() {}

    /** The handle of a method of the object. */
    static MethodHandle of(ListenerMethod method, Object listeners, Lookup lookup) {
        MethodHandle handle = unreflect(method, lookup);
        MethodHandle bound = Modifier.isStatic(method.method().getModifiers()) ? handle : handle.bindTo(listeners);
        return returningStage(taking(bound.asFixedArity(), method.asked()), method.isBlocking());
    }

    private static MethodHandle unreflect(ListenerMethod method, Lookup lookup) {
        Class<?> declaring = method.method().getDeclaringClass();
        ListenerHandle.class.getModule().addReads(declaring.getModule()); // it may not know of us; we are to see it
        try {
            return unreflect(method.method(), lookup);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    method + " is not accessible: open package " + declaring.getPackageName() + " to "
                            + nameOf(lookup.lookupClass()) + ", or pass a MethodHandles.Lookup that may access it",
                    e);
        }
    }

    private static MethodHandle unreflect(Method method, Lookup lookup) throws IllegalAccessException {
        try {
            return MethodHandles.privateLookupIn(method.getDeclaringClass(), lookup)
                    .unreflect(method);
        } catch (IllegalAccessException e) {
            return lookup.unreflect(method); // what is public in an exported package needs no more
        }
    }

    private static String nameOf(Class<?> lookupClass) {
        Module module = lookupClass.getModule();
        return module.isNamed() ? module.getName() : "the class path";
    }

    private static MethodHandle taking(MethodHandle handle, List<Asked> asked) {
        MethodHandle taking = handle;
        int[] from = new int[asked.size()];
        for (int i = 0; i < from.length; i++) {
            boolean isPayload = asked.get(i) == Asked.PAYLOAD;
            from[i] = isPayload ? 0 : 1;
            taking = asked.get(i) == Asked.EVENT ? MethodHandles.filterArguments(taking, i, EVENT) : taking;
            taking = isPayload ? taking.asType(taking.type().changeParameterType(i, Object.class)) : taking;
        }
        MethodType both = TYPE.changeReturnType(handle.type().returnType());
        return MethodHandles.permuteArguments(taking, both, from);
    }

    private static MethodHandle returningStage(MethodHandle handle, boolean blocking) {
        return blocking
                ? MethodHandles.filterReturnValue(
                        handle.asType(handle.type().changeReturnType(Object.class)), COMPLETED)
                : handle.asType(TYPE);
    }

    @SuppressWarnings("unused") // by the handle of its name
    private static CompletionStage<?> completed(@Nullable Object value) {
        if (value instanceof CompletionStage<?>) {
            throw new IllegalStateException("a blocking listener method returned a stage, which nobody would await: "
                    + "declare that it returns a CompletionStage, and not that it is blocking");
        }
        return CompletableFuture.completedFuture(value);
    }
}
