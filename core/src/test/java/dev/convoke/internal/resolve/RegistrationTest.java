package dev.convoke.internal.resolve;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoke.event.EventArguments;
import dev.convoke.event.EventType;
import dev.convoke.internal.resolve.Registration.State;
import dev.convoke.listener.AsyncListener;
import dev.convoke.listener.ListenerInfo;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.Overflow;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private static final EventType<EventArguments> TYPE = EventType.of("e", EventArguments.class);
    private static final AsyncListener<Object> LISTENER = x -> completedFuture(x);
    private static final ListenerOptions DEFAULTS = ListenerOptions.defaults();

    private final ListenerRegistry registry = new ListenerRegistry();

    private Registration append(ListenerOptions options) {
        return registry.append(TYPE, LISTENER, options, null);
    }

    private Roster roster() {
        return registry.roster(TYPE, EventArguments.of());
    }

    @Test
    @DisplayName("P5: open and paused by turns, and then closed for good")
    void P5_states() {
        Registration registration = append(DEFAULTS);
        assertThat(registration.state()).isEqualTo(State.OPEN);
        registration.pause();
        assertThat(registration.state()).isEqualTo(State.PAUSED);
        assertThat(registry.listeners("e")).extracting(ListenerInfo::paused).containsExactly(true);
        registration.resume();
        assertThat(registration.state()).isEqualTo(State.OPEN);
        assertThat(registry.listeners("e")).extracting(ListenerInfo::paused).containsExactly(false);

        registration.close();
        registration.resume();
        registration.pause();
        assertThat(registration.state()).isEqualTo(State.CLOSED);
        assertThat(roster().size()).isZero();
    }

    @Test
    @DisplayName(
            "P15: the one delivery of a listener that runs once is claimed once; other listeners are claimed each time")
    void P15_claims() {
        Registration always = append(DEFAULTS);
        Registration once = append(DEFAULTS.once());
        assertThat(roster().size()).isEqualTo(2);

        assertThat(once.claim()).isTrue();
        assertThat(once.claim()).isFalse();
        assertThat(always.claim()).isTrue();
        assertThat(always.claim()).isTrue();

        assertThat(roster().size()).isEqualTo(1);
        assertThat(roster().get(0)).isSameAs(always);
    }

    @Test
    @DisplayName("P6: a listener's own time-out goes before the coordinator's")
    void P6_time_outs() {
        Duration own = Duration.ofMillis(3);
        Duration coordinators = Duration.ofSeconds(1);
        assertThat(append(DEFAULTS).timeoutNanos()).isZero();
        assertThat(append(DEFAULTS.timeout(own)).timeoutNanos()).isEqualTo(own.toNanos());
        assertThat(registry.append(TYPE, LISTENER, DEFAULTS, coordinators).timeoutNanos())
                .isEqualTo(coordinators.toNanos());
        assertThat(registry.append(TYPE, LISTENER, DEFAULTS.timeout(own), coordinators)
                        .timeoutNanos())
                .isEqualTo(own.toNanos());
        assertThat(registry.listeners("e").get(3).timeout()).contains(own);
        assertThat(registry.listeners("e").get(0).timeout()).isEmpty();
    }

    @Test
    @DisplayName("P7, P8: deliveries wait for each other where there is an order or a bound, and not else")
    void P8_gates() {
        assertThat(append(DEFAULTS).isGated()).isFalse();
        assertThat(append(DEFAULTS.ordered()).isGated()).isTrue();
        assertThat(append(DEFAULTS.concurrency(2)).isGated()).isTrue();
    }

    @Test
    @DisplayName("a roster is plain while each of its listeners is inline and takes every event at once")
    void plain_rosters() {
        assertThat(roster().isPlain()).isTrue();
        append(DEFAULTS.inline());
        assertThat(roster().isPlain()).isTrue();
        for (ListenerOptions other : new ListenerOptions[] {
            DEFAULTS, DEFAULTS.inline().ordered(), DEFAULTS.inline().onlyIf(e -> true),
        }) {
            Registration registration = append(other);
            assertThat(roster().isPlain()).as("with %s", other).isFalse();
            registration.close();
            assertThat(roster().isPlain()).isTrue();
        }
    }

    @Test
    @DisplayName("what the floor above keeps is made once, and a slow listener is reported once")
    void once_only() {
        Registration registration = append(DEFAULTS);
        Object kept = registration.companion(Object::new);
        assertThat(registration.companion(Object::new)).isSameAs(kept).isNotNull();
        assertThat(registration.reportSlowOnce()).isTrue();
        assertThat(registration.reportSlowOnce()).isFalse();
    }

    @Test
    @DisplayName("a listener is told by its id, what it is subscribed to, and how")
    void told() {
        Executor executor = Runnable::run;
        ListenerOptions options = ListenerOptions.named("mailer")
                .executor(executor)
                .concurrency(2)
                .queue(3, Overflow.REJECT);
        Registration registration = append(options);
        assertThat(registration.listenerId()).isEqualTo("mailer");
        assertThat(registration.subscribedTo()).isEqualTo("e");
        assertThat(registration.listener()).isSameAs(LISTENER);
        assertThat(registration.options()).isSameAs(options);
        ListenerInfo info = registry.listeners("e").get(0);
        assertThat(info.id()).isEqualTo("mailer");
        assertThat(info.payloadType()).isEqualTo(EventArguments.class);
        assertThat(append(DEFAULTS).listenerId()).isEqualTo("e#2");
    }

    @Test
    @DisplayName("P14: a blocking listener is not inline, whatever it is subscribed to")
    void P14_blocking_is_not_inline() {
        AsyncListener<Object> blocking = AsyncListener.blocking(x -> {});
        ListenerOptions inline = ListenerOptions.named("l").inline();
        assertThatThrownBy(() -> registry.append(TYPE, blocking, inline, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("listener l of event e blocks and cannot be inline");
        assertThatThrownBy(() -> registry.appendToPattern("a.*", blocking, inline, null))
                .hasMessageStartingWith("listener l of events a.* blocks");
        assertThatThrownBy(() -> registry.appendToPayload(int.class, blocking, inline, null))
                .hasMessageStartingWith("listener l of payloads java.lang.Integer blocks");
        assertThat(registry.listeners()).isEmpty();
        assertThat(registry.append(TYPE, blocking, DEFAULTS, null).state()).isEqualTo(State.OPEN);
    }

    @Test
    @DisplayName("P14: a name keeps its payload type until its last listener leaves, and its numbers start again then")
    void P14_names_are_bound_and_released() {
        EventType<String> other = EventType.of("e", String.class);
        Registration first = append(DEFAULTS);
        Registration second = append(DEFAULTS);
        first.close();
        assertThatThrownBy(() -> registry.append(other, LISTENER, DEFAULTS, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has the payload type " + EventArguments.class.getName());
        assertThatThrownBy(() -> registry.roster(other, "text")).hasMessageContaining("not java.lang.String");
        assertThat(append(DEFAULTS).listenerId()).isEqualTo("e#3");

        registry.listeners("e").forEach(info -> roster().get(0).close());
        assertThat(second.state()).isEqualTo(State.CLOSED);
        assertThat(registry.boundType("e")).isNull();
        assertThat(registry.append(other, LISTENER, DEFAULTS, null).listenerId())
                .isEqualTo("e#1");
        assertThat(registry.boundType("e")).isSameAs(other);
        assertThat(registry.roster(other, "text").size()).isEqualTo(1);
    }

    @Test
    @DisplayName("P13: listeners are listed by what they were subscribed to: a name, a pattern or a payload's class")
    void P13_listed_by_subscription() {
        append(ListenerOptions.named("name"));
        registry.appendToPattern("e.*", LISTENER, ListenerOptions.named("pattern"), null);
        registry.appendToPayload(int.class, LISTENER, ListenerOptions.named("payload"), null);
        assertThat(registry.listeners().keySet()).containsExactly("e", "e.*", "java.lang.Integer");
        assertThat(registry.listeners("e")).extracting(ListenerInfo::id).containsExactly("name");
        assertThat(registry.listeners("e.*")).extracting(ListenerInfo::id).containsExactly("pattern");
        assertThat(registry.listeners("java.lang.Integer"))
                .extracting(ListenerInfo::id)
                .containsExactly("payload");
        assertThat(registry.listeners("nothing")).isEmpty();
    }
}
