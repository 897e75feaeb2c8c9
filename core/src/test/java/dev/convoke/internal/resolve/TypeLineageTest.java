package dev.convoke.internal.resolve;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.event.EventType;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.testing.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TypeLineageTest {
    /** A payload of a class whose loader comes and goes. */
    public record Plugged() implements Serializable {}

    private static final List<Class<?>> TYPES = List.of(
            Object.class,
            Serializable.class,
            Comparable.class,
            Cloneable.class,
            CharSequence.class,
            String.class,
            Number.class,
            Integer.class,
            Iterable.class,
            Collection.class,
            List.class,
            ArrayList.class,
            Map.class,
            Enum.class,
            TimeUnit.class,
            Record.class,
            int[].class,
            long[].class,
            Object[].class,
            Serializable[].class,
            Comparable[].class,
            String[].class,
            Number[].class,
            Object[][].class,
            Cloneable[].class,
            int[][].class,
            Integer[][].class);

    static Stream<Class<?>> payloads() {
        return Stream.of(
                        "text",
                        1,
                        2L,
                        new ArrayList<>(),
                        new LinkedHashMap<>(),
                        TimeUnit.SECONDS,
                        new Random(1),
                        new Object(),
                        new int[0],
                        new String[0],
                        new Integer[0][0],
                        new int[0][0])
                .map(Object::getClass);
    }

    @ParameterizedTest
    @MethodSource("payloads")
    @DisplayName("P13: a payload's lineage has those types that the payload is an instance of, each once")
    void P13_the_lineage_is_what_a_payload_is_an_instance_of(Class<?> payloadType) {
        List<Class<?>> lineage = List.of(TypeLineage.of(payloadType));
        assertThat(lineage).doesNotHaveDuplicates().allMatch(type -> type.isAssignableFrom(payloadType));
        assertThat(TYPES)
                .filteredOn(lineage::contains)
                .containsExactlyElementsOf(TYPES.stream()
                        .filter(type -> type.isAssignableFrom(payloadType))
                        .toList());
    }

    /** Loads {@link Plugged} anew. */
    private static final class Plugin extends ClassLoader {
        Class<?> load() throws IOException {
            String file = "/" + Plugged.class.getName().replace('.', '/') + ".class";
            try (InputStream in = TypeLineageTest.class.getResourceAsStream(file)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(Plugged.class.getName(), bytes, 0, bytes.length);
            }
        }
    }

    private static WeakReference<ClassLoader> publishFromPlugin(AsyncEventCoordinator coordinator) throws Exception {
        Plugin plugin = new Plugin();
        Object payload = plugin.load().getConstructor().newInstance();
        assertThat(payload).isNotInstanceOf(Plugged.class);
        assertThat(coordinator
                        .publishEvent(EventType.of("plugged", Object.class), payload)
                        .gather()
                        .join())
                .containsExactly("own", "pattern", "payload");
        return new WeakReference<>(plugin);
    }

    @Test
    @DisplayName("P13: having been published keeps no class loader of a payload alive")
    void P13_no_class_loader_is_kept_alive() throws Exception {
        try (AsyncEventCoordinator coordinator = new AsyncEventCoordinator()) {
            ListenerOptions inline = ListenerOptions.defaults().inline();
            coordinator.subscribeToEvent(EventType.of("plugged", Object.class), x -> completedFuture("own"), inline);
            coordinator.subscribeToEvents("**", event -> completedFuture("pattern"), inline);
            coordinator.subscribeToPayload(Serializable.class, x -> completedFuture("payload"), inline);
            WeakReference<ClassLoader> plugin = publishFromPlugin(coordinator);
            Waiting.until(() -> {
                System.gc();
                return plugin.get() == null;
            });
            assertThat(coordinator.listeners()).hasSize(3);
        }
    }
}
