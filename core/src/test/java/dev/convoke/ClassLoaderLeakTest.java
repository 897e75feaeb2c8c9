package dev.convoke;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Plugin;
import dev.convoke.testing.Waiting;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whoever has left a coordinator, and a coordinator that is closed, can be unloaded. */
class ClassLoaderLeakTest {
    /** Loads anew what begins with the prefix, and has its parent load everything else. */
    private static final class Throwaway extends URLClassLoader {
        private final String prefix;

        Throwaway(String prefix) {
            super(new URL[] {where(Plugin.class), where(AsyncEventCoordinator.class)}, Plugin.class.getClassLoader());
            this.prefix = prefix;
        }

        private static URL where(Class<?> type) {
            return type.getProtectionDomain().getCodeSource().getLocation();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null && name.startsWith(prefix) ? findClass(name) : super.loadClass(name, resolve);
            }
        }

        Object plugin() throws ReflectiveOperationException {
            Class<?> type = loadClass(Plugin.class.getName());
            assertThat(type.getClassLoader()).isSameAs(this);
            return type.getConstructor().newInstance();
        }
    }

    @SuppressWarnings("unchecked")
    private static WeakReference<ClassLoader> use(AsyncEventCoordinator coordinator) throws Exception {
        try (Throwaway loader = new Throwaway(Plugin.class.getName())) {
            ((Consumer<AsyncEventCoordinator>) loader.plugin()).accept(coordinator);
            return new WeakReference<>(loader);
        }
    }

    /** In a loader that also has Convoke itself, as that of an application in a server does. */
    private static WeakReference<ClassLoader> useOwn(String prefix) throws Exception {
        try (Throwaway loader = new Throwaway(prefix)) {
            ((Runnable) loader.plugin()).run();
            return new WeakReference<>(loader);
        }
    }

    private static void awaitUnloaded(WeakReference<ClassLoader> loader, Runnable meanwhile) {
        Waiting.until(() -> {
            meanwhile.run();
            System.gc();
            return loader.get() == null;
        });
    }

    @Test
    @DisplayName(
            "P5: the loader of a listener that has left is let go of, while the coordinator and its threads live on")
    void P5_a_listener_that_left_is_let_go_of() throws Exception {
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .onUnobservedFailure(failure -> {})
                .unobservedAfter(Duration.ofMillis(50))
                .build()) {
            coordinator.subscribeToEvent("e", a -> completedFuture(1));
            coordinator.subscribeToEvent(
                    "e",
                    a -> new CompletableFuture<>(),
                    ListenerOptions.defaults().timeout(Duration.ofMillis(1)));

            WeakReference<ClassLoader> loader = use(coordinator);

            // Threads that are kept busy do not end, so that what they hold is not let go of with them.
            awaitUnloaded(
                    loader,
                    () -> assertThat(coordinator
                                    .publishEvent("e")
                                    .outcome()
                                    .join()
                                    .results())
                            .hasSize(2));
            assertThat(coordinator.listeners()).containsOnlyKeys("e");
        }
    }

    @Test
    @DisplayName("P10: the loader of one who used and closed a coordinator is let go of")
    void P10_a_closed_coordinator_lets_go() throws Exception {
        awaitUnloaded(useOwn(Plugin.class.getName()), () -> {});
    }

    @Test
    @DisplayName("P10: the loader of Convoke itself is let go of when its coordinators are closed")
    void P10_a_closed_coordinator_can_be_unloaded() throws Exception {
        awaitUnloaded(useOwn("dev.convoke."), () -> {});
    }
}
