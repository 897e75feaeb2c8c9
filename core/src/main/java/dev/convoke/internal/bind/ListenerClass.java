package dev.convoke.internal.bind;

import dev.convoke.listener.AsyncListener;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * Makes a class for each listener method, a hidden copy of {@link HandleListener} or {@link ContextHandleListener}.
 *
 * <p>Thread-safe: immutable.
 */
final class ListenerClass {
    /*
     * Why a class for each: a handle in a static final field is compiled into its caller, as the body of a lambda is; one
     * in an instance field is called through, and never inlined. Why not LambdaMetafactory: it wants a lookup with full
     * access, and privateLookupIn gives that for classes of the same module alone. The classes of another loader are
     * another module, and so are those that open their package to us.
     * Nobody holds a hidden class but its instances: it goes with its listener, and what it holds of the user's with it.
     */
    private static final byte[] PATTERN = pattern(HandleListener.class);
    private static final byte[] PATTERN_WITH_CONTEXT = pattern(ContextHandleListener.class);

    private ListenerClass() {}

    private static byte[] pattern(Class<?> type) {
        String file = type.getSimpleName() + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            if (in == null) {
                throw new FileNotFoundException(file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("a class of Convoke's cannot be read", e);
        }
    }

    /**
     * A listener of a new class, which calls the handle: one of {@link ListenerHandle}'s.
     *
     * @param contextual whether the handle makes any use of the context that it takes
     */
    @SuppressWarnings("unchecked") // that is what the patterns are
    static AsyncListener<Object> calling(MethodHandle handle, boolean contextual, boolean blocking) {
        byte[] pattern = contextual ? PATTERN_WITH_CONTEXT : PATTERN;
        try {
            Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(pattern, handle, true);
            MethodHandle constructor =
                    copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class, boolean.class));
            return (AsyncListener<Object>) constructor.invoke(blocking);
        } catch (Throwable e) {
            throw new IllegalStateException("no class could be made for a listener method", e);
        }
    }
}
