package dev.convoke.internal.resolve;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerRegistryTest {
    private static final EventType<EventArguments> TYPE = EventType.of("e", EventArguments.class);
    private static final EventArguments PAYLOAD = EventArguments.of();
    private static final AsyncListener<Object> LISTENER = x -> completedFuture(x);

    private final ListenerRegistry registry = new ListenerRegistry();

    private Registration append(String name) {
        return registry.append(TYPE, LISTENER, ListenerOptions.named(name), null);
    }

    private List<String> roster() {
        return roster(registry);
    }

    private static List<String> roster(ListenerRegistry registry) {
        Roster roster = registry.roster(TYPE, PAYLOAD);
        return IntStream.range(0, roster.size())
                .mapToObj(i -> roster.get(i).listenerId())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    @DisplayName("S2, P5: the roster is what was appended less what left, in order, as a plain list would have it")
    void the_roster_is_as_a_plain_list_would_have_it(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Registration> model = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            if (model.isEmpty() || random.nextInt(100) < 52) {
                model.add(append("l" + step));
            } else {
                model.remove(random.nextInt(model.size())).close();
            }
            if (random.nextInt(4) == 0) {
                assertThat(roster())
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(model.stream().map(Registration::listenerId).toList());
            }
        }
        model.forEach(Registration::close);
        assertThat(registry.listeners()).isEmpty();
    }

    @Tag("race")
    @Test
    @DisplayName("S1: a name is there while it has a listener, also when subscribers race with the last one's leaving")
    void a_name_is_there_while_it_has_a_listener() {
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String name = "thread-" + t;
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 20_000; i++) {
                    Registration mine = append(name);
                    assertThat(roster()).contains(name);
                    mine.close();
                }
            }));
        }
        threads.forEach(t -> t.orTimeout(30, SECONDS).join());
        assertThat(registry.listeners()).isEmpty();
        assertThat(registry.boundType("e")).isNull();
    }

    @Tag("race")
    @Test
    @DisplayName(
            "S2: a hundred thousand listeners of one event come and go in linear time, and unnamed ones are numbered")
    void many_listeners_come_and_go() {
        List<Registration> all = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(registry.append(TYPE, LISTENER, ListenerOptions.defaults(), null));
        }
        assertThat(registry.listeners("e"))
                .hasSize(100_000)
                .last()
                .extracting(ListenerInfo::id)
                .isEqualTo("e#100000");
        all.forEach(Registration::close);
        assertThat(registry.listeners()).isEmpty();
    }

    @Test
    @DisplayName("P13, P15: who claims the one run of a pattern's or payload type's listener is the last to find it")
    void P13_a_claim_removes() {
        ListenerOptions once = ListenerOptions.defaults().once();
        for (Registration registration : List.of(
                registry.appendToPattern("**", LISTENER, once, null),
                registry.appendToPayload(Object.class, LISTENER, once, null))) {
            assertThat(registration.claim()).isTrue();
            assertThat(registration.claim()).isFalse();
        }
        assertThat(roster()).isEmpty();
        assertThat(registry.listeners()).isEmpty();
    }

    private Registration appendAnywhere(SplittableRandom random, String id) {
        ListenerOptions options = ListenerOptions.named(id);
        List<String> patterns = List.of("e", "*", "**", "**.e", "e.**", "other.*", "f");
        List<Class<?>> types = List.of(Object.class, EventArguments.class, String.class);
        return switch (random.nextInt(3)) {
            case 0 -> append(id);
            case 1 -> registry.appendToPattern(patterns.get(random.nextInt(patterns.size())), LISTENER, options, null);
            default -> registry.appendToPayload(types.get(random.nextInt(types.size())), LISTENER, options, null);
        };
    }

    private static boolean hears(Registration registration) {
        return !List.of("other.*", "f", "java.lang.String").contains(registration.subscribedTo());
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34})
    @DisplayName("P13: listeners of names, patterns and payload types are merged as one plain list would have them")
    void P13_the_roster_is_as_one_plain_list_would_have_it(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Registration> model = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            if (model.isEmpty() || random.nextInt(100) < 52) {
                model.add(appendAnywhere(random, "l" + step));
            } else {
                model.remove(random.nextInt(model.size())).close();
            }
            assertThat(roster())
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(model.stream()
                            .filter(ListenerRegistryTest::hears)
                            .map(Registration::listenerId)
                            .toList());
        }
        model.forEach(Registration::close);
        assertThat(registry.listeners()).isEmpty();
        assertThat(roster()).isEmpty();
    }

    @Tag("race")
    @Test
    @DisplayName("P13, S5: whoever is in a snapshot, those before are, too, though rows are read one after another")
    void P13_a_snapshot_has_no_gaps() {
        for (int round = 0; round < 20; round++) {
            ListenerRegistry fresh = new ListenerRegistry();
            CompletableFuture<Void> subscriber = CompletableFuture.runAsync(() -> fill(fresh));
            while (!subscriber.isDone()) {
                List<String> seen = roster(fresh);
                assertThat(seen)
                        .isEqualTo(IntStream.range(0, seen.size())
                                .mapToObj(String::valueOf)
                                .toList());
            }
            assertThat(roster(fresh)).hasSize(400);
        }
    }

    private static void fill(ListenerRegistry registry) {
        for (int i = 0; i < 400; ) {
            registry.append(TYPE, LISTENER, ListenerOptions.named("" + i++), null);
            registry.appendToPattern("**", LISTENER, ListenerOptions.named("" + i++), null);
            registry.appendToPayload(Object.class, LISTENER, ListenerOptions.named("" + i++), null);
            registry.appendToPattern("*", LISTENER, ListenerOptions.named("" + i++), null);
        }
    }
}
