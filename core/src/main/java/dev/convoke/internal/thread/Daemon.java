package dev.convoke.internal.thread;

import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;

/**
 * Makes daemon threads that have nothing of whoever happened to need them first: no thread-locals, no context class loader,
 * and no protection domains, which on Java before 24 keep the class loaders of the maker's callers from being collected.
 *
 * <p>Thread-safe: it has no state.
 */
public final class Daemon {
    private static final ClassLoader LOADER = Daemon.class.getClassLoader();

    private Daemon() {}

    /** A thread that has not been started. */
    public static Thread create(Runnable task, String name) {
        Thread thread = withoutCallersDomains(() -> new Thread(null, task, name, 0, false));
        thread.setDaemon(true);
        thread.setContextClassLoader(LOADER);
        return thread;
    }

    // Deprecated, but what a thread of Java 17 inherits can be had in no other way.
    @SuppressWarnings("removal")
    private static Thread withoutCallersDomains(PrivilegedAction<Thread> making) {
        try {
            return AccessController.doPrivileged(making, new AccessControlContext(new ProtectionDomain[0]));
        } catch (LinkageError newerJava) {
            return making.run(); // it has no access control any more, and threads inherit none
        }
    }
}
