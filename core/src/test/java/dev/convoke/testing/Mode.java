package dev.convoke.testing;

import dev.convoke.event.EventArguments;
import dev.convoke.internal.bind.AnnotatedListeners;
import dev.convoke.internal.bind.Binding;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.OnEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;

/** The ways in which the same listener may run; a promise holds in each. */
public enum Mode {
    /** On the publisher's thread. */
    INLINE,
    /** On the coordinator's executor: virtual threads on Java 21 and newer, the elastic pool before. */
    EXECUTOR,
    /** On an executor of the user's. */
    OWN_EXECUTOR,
    /** An annotated method, on the coordinator's executor. */
    ANNOTATED;

    public ListenerOptions named(String name) {
        ListenerOptions options = ListenerOptions.named(name);
        return switch (this) {
            case INLINE -> options.inline();
            case EXECUTOR, ANNOTATED -> options;
            case OWN_EXECUTOR -> options.executor(ForkJoinPool.commonPool());
        };
    }

    /** The listener, or an annotated method that does what it does. */
    public AsyncListener<? super EventArguments> of(AsyncListener<EventArguments> listener) {
        return this == ANNOTATED ? bound(new Annotated(listener)) : listener;
    }

    private static AsyncListener<Object> bound(Annotated annotated) {
        List<Binding> bindings = AnnotatedListeners.bind(annotated);
        return bindings.get(0).listener();
    }

    @SuppressWarnings("UnusedMethod") // the listener is called by its annotation
    private record Annotated(AsyncListener<EventArguments> listener) {
        @OnEvent("any")
        CompletionStage<?> hear(EventArguments arguments) throws Exception {
            return listener.onEvent(arguments);
        }
    }
}
