package dev.convoke.internal.bind;

import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Calls a listener method that takes the payload alone, by its handle, which is a constant of the class. This class is the pattern alone, and cannot be
 * initialized: each listener is of a hidden copy of it, made by {@link ListenerClass}.
 *
 * <p>Thread-safe: immutable.
 */
final class HandleListener implements AsyncListener<Object> {
    private static final MethodHandle METHOD = ofThisCopy();

    private final boolean blocking;

    HandleListener(boolean blocking) {
        this.blocking = blocking;
    }

    private static MethodHandle ofThisCopy() {
        try {
            return Objects.requireNonNull(
                    MethodHandles.classData(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, MethodHandle.class));
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public CompletionStage<?> onEvent(Object payload) throws Exception {
        try {
            return (CompletionStage<?>) METHOD.invokeExact(payload, (EventContext) null);
        } catch (Throwable e) {
            throw HandleListener.<RuntimeException>asItIs(e);
        }
    }

    /** For a throwable of any kind, which the method may declare: the type parameter hides it from the compiler alone. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T asItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public boolean isBlocking() {
        return blocking;
    }
}
