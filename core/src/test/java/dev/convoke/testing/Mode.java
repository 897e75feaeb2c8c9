package dev.convoke.testing;

import dev.convoke.listener.ListenerOptions;
import java.util.concurrent.ForkJoinPool;

/** The ways in which the same listener may run; a promise holds in each. */
public enum Mode {
    /** On the publisher's thread. */
    INLINE,
    /** On the coordinator's executor: virtual threads on Java 21 and newer, the elastic pool before. */
    EXECUTOR,
    /** On an executor of the user's. */
    OWN_EXECUTOR;

    public ListenerOptions named(String name) {
        ListenerOptions options = ListenerOptions.named(name);
        return switch (this) {
            case INLINE -> options.inline();
            case EXECUTOR -> options;
            case OWN_EXECUTOR -> options.executor(ForkJoinPool.commonPool());
        };
    }
}
