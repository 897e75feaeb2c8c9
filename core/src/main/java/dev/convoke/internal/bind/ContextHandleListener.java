package dev.convoke.internal.bind;

import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.EventContext;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * The pattern for methods that want the context, or the event in its envelope; {@link HandleListener} is for the others.
 *
 * <p>Thread-safe: immutable.
 */
final class ContextHandleListener implements AsyncListener<Object> {
    private static final MethodHandle METHOD = ofThisCopy();

    private final boolean blocking;

    ContextHandleListener(boolean blocking) {
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
    public CompletionStage<?> onEvent(Object payload) {
        throw new IllegalStateException("this listener needs the context of a delivery: subscribe it");
    }

    @Override
    public CompletionStage<?> onEvent(Object payload, EventContext context) throws Exception {
        try {
            return (CompletionStage<?>) METHOD.invokeExact(payload, context);
        } catch (Throwable e) {
            throw ContextHandleListener.<RuntimeException>asItIs(e);
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
