package dev.convoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.testing.Compiled;
import dev.convoke.testing.Waiting;
import dev.convoke.testkit.ManualTicker;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Annotated listeners of other class loaders and other modules, which are compiled here. */
class AnnotatedLoadingTest {
    private static final String IMPORTS = """
            import dev.convoke.AsyncEventCoordinator;
            import dev.convoke.event.EventType;
            import dev.convoke.listener.OnEvent;
            import dev.convoke.listener.Subscription;
            import java.lang.invoke.MethodHandles;
            import java.util.concurrent.CompletableFuture;
            import java.util.concurrent.CompletionStage;
            import java.util.function.Function;
            """;

    private static final String PLUGIN = "package com.acme;\n" + IMPORTS + """
            public class Plugin implements Function<AsyncEventCoordinator, Subscription> {
                record Placed(int number) {}

                @OnEvent(value = "placed", inline = true)
                private CompletionStage<?> number(Placed placed) {
                    return CompletableFuture.completedFuture(placed.number());
                }

                @OnEvent(value = "placed", blocking = true)
                private Placed same(Placed placed) {
                    return placed;
                }

                @Override
                public Subscription apply(AsyncEventCoordinator coordinator) {
                    Subscription subscription = coordinator.subscribeAnnotated(this);
                    for (int i = 0; i < 500; i++) { // often enough that the calls are compiled
                        coordinator.publishEvent(EventType.of("placed", Placed.class), new Placed(i)).gather().join();
                    }
                    return subscription;
                }
            }
            """;

    /** The core as a module, as a user has it. */
    private static final Path CORE = Path.of("target", "classes");

    @TempDir
    private Path directory;

    @SuppressWarnings("unchecked")
    private <A, R> Function<A, R> created(ClassLoader loader, String name) throws ReflectiveOperationException {
        return (Function<A, R>) loader.loadClass(name).getConstructor().newInstance();
    }

    /** In a method of its own, so that no local variable outlives it. */
    private WeakReference<ClassLoader> loadedSubscribedAndClosed(AsyncEventCoordinator coordinator) throws Exception {
        URL[] classes = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            Function<AsyncEventCoordinator, AutoCloseable> plugin = created(loader, "com.acme.Plugin");
            try (AutoCloseable subscription = plugin.apply(coordinator)) {
                assertThat(subscription).hasToString("Subscription[placed#1, placed#2]");
            }
            return new WeakReference<>(loader);
        }
    }

    @Test
    @DisplayName("P17: a class loader whose listeners were closed is collected while the coordinator lives on")
    void P17_closed_listeners_hold_no_class_loader() throws Exception {
        Compiled.into(directory, Map.of("Plugin.java", PLUGIN), "-classpath", System.getProperty("java.class.path"));
        // No thread is made while the plugin is on the stack: before Java 24 each remembers the classes it was made
        // under.
        try (AsyncEventCoordinator coordinator = AsyncEventCoordinator.builder()
                .executor(Runnable::run)
                .ticker(new ManualTicker())
                .build()) {
            WeakReference<ClassLoader> loader = loadedSubscribedAndClosed(coordinator);
            Waiting.until(() -> {
                System.gc();
                return loader.get() == null;
            });
            assertThat(coordinator.listeners()).isEmpty();
        }
    }

    private static String listener(String packageName, String modifiers) {
        return "package " + packageName + ";\n" + IMPORTS + """
                public class Listener {
                    @OnEvent("e")
                    %s CompletionStage<?> hear(String text) {
                        return CompletableFuture.completedFuture("%s heard " + text);
                    }
                }
                """.formatted(modifiers, packageName);
    }

    private static final String MAIN = "package com.acme.main;\n" + IMPORTS + """
            public class Main implements Function<String, String> {
                @Override
                public String apply(String name) {
                    try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
                        Object listener = Class.forName(name.replace(" with lookup", ""))
                                .getConstructor().newInstance();
                        try (Subscription subscription = name.endsWith("lookup")
                                ? coordinator.subscribeAnnotated(listener, MethodHandles.lookup())
                                : coordinator.subscribeAnnotated(listener)) {
                            return "" + coordinator.publishEvent(EventType.of("e", String.class), "x").gather().join();
                        }
                    } catch (Exception e) {
                        return e.getMessage();
                    }
                }
            }
            """;

    @Test
    @DisplayName(
            "P17: in a named module a listener is open to dev.convoke, or public and exported, or comes with a lookup")
    void P17_modules_open_a_package_or_pass_a_lookup() throws Exception {
        Map<String, String> sources = Map.of(
                "module-info.java",
                """
                module com.acme {
                    requires dev.convoke;
                    exports com.acme.main;
                    exports com.acme.exported;
                    opens com.acme.open to dev.convoke;
                }
                """,
                "Main.java",
                MAIN,
                "open/Listener.java",
                listener("com.acme.open", "private"),
                "exported/Listener.java",
                listener("com.acme.exported", "public"),
                "closed/Listener.java",
                listener("com.acme.closed", "private"));
        Compiled.into(directory, sources, "--module-path", CORE.toString());
        Configuration modules = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(CORE, directory), ModuleFinder.of(), Set.of("com.acme"));
        ClassLoader loader = ModuleLayer.boot()
                .defineModulesWithOneLoader(modules, ClassLoader.getPlatformClassLoader())
                .findLoader("com.acme");

        Function<String, String> main = created(loader, "com.acme.main.Main");
        assertThat(main.apply("com.acme.open.Listener")).isEqualTo("[com.acme.open heard x]");
        assertThat(main.apply("com.acme.exported.Listener")).isEqualTo("[com.acme.exported heard x]");
        assertThat(main.apply("com.acme.closed.Listener"))
                .isEqualTo("com.acme.closed.Listener.hear(String) is not accessible: open package com.acme.closed "
                        + "to dev.convoke, or pass a MethodHandles.Lookup that may access it");
        assertThat(main.apply("com.acme.closed.Listener with lookup")).isEqualTo("[com.acme.closed heard x]");
    }
}
