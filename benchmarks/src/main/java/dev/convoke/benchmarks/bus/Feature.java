package dev.convoke.benchmarks.bus;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.PublishOptions;
import dev.convoke.listener.ListenerOptions;
import dev.convoke.listener.RetryPolicy;
import dev.convoke.spi.CoordinatorObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/** Something that an application may ask of Convoke, and that then has a price. */
public enum Feature {
    NONE,
    TIMEOUT,
    RETRY,
    /** With a key, without which there is no order. */
    ORDERED,
    CONCURRENCY_LIMIT,
    ONLY_IF,
    CONTEXT_CARRIER,
    OBSERVER,
    TIMING,
    TRACK_INLINE,
    /** A pattern somewhere that does not match. */
    PATTERN_ELSEWHERE,
    /** The listener itself has subscribed to a pattern. */
    BY_PATTERN,
    /** A listener somewhere that waits for payloads of another type. */
    PAYLOAD_TYPE_ELSEWHERE,
    /** The listener itself has subscribed to the payload's type. */
    BY_PAYLOAD_TYPE,
    FLIGHT_RECORDING,
    DEADLINE,
    KEY,
    EXPLICIT_ID;

    private static final Duration NEVER = Duration.ofMinutes(10);

    /** All of them, by the names they have in tables. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Feature::label).toList();
    }

    /** The feature with this name in tables. */
    public static Feature named(String label) {
        return valueOf(label.replace(' ', '_').toUpperCase(Locale.ROOT));
    }

    private String label() {
        return name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }

    /** Convoke with an inline listener. */
    public Bus inline() {
        return new ConvokeFeatured(
                AsyncEventCoordinator.builder(), ListenerOptions.defaults().inline(), this);
    }

    /** Convoke with a listener on a pool. */
    public Bus onPool() {
        return new ConvokeFeatured(
                AsyncEventCoordinator.builder().executor(Pools.fixed()), ListenerOptions.defaults(), this);
    }

    AsyncEventCoordinator.Builder given(AsyncEventCoordinator.Builder builder) {
        return switch (this) {
            case CONTEXT_CARRIER -> builder.contextCarrier(() -> () -> () -> {});
            case OBSERVER -> builder.observer(new CoordinatorObserver() {});
            case TIMING -> builder.timing(true);
            case TRACK_INLINE -> builder.trackInline(true);
            default -> builder;
        };
    }

    ListenerOptions given(ListenerOptions options) {
        return switch (this) {
            case TIMEOUT -> options.timeout(NEVER);
            case RETRY -> options.retry(RetryPolicy.exponential(3));
            case ORDERED -> options.ordered();
            case CONCURRENCY_LIMIT -> options.concurrency(4);
            case ONLY_IF -> options.onlyIf(event -> event.payload() != null);
            default -> options;
        };
    }

    @Nullable PublishOptions publishOptions() {
        return switch (this) {
            case DEADLINE -> PublishOptions.defaults().deadline(NEVER);
            case KEY, ORDERED -> PublishOptions.defaults().key("key");
            case EXPLICIT_ID -> PublishOptions.defaults().id("id");
            default -> null;
        };
    }

    /** Does what is done once, beside the listener. */
    void open(AsyncEventCoordinator coordinator) {
        switch (this) {
            case PATTERN_ELSEWHERE -> coordinator.subscribeToEvents("order.**", event -> completedFuture(null));
            case PAYLOAD_TYPE_ELSEWHERE -> coordinator.subscribeToPayload(String.class, text -> completedFuture(null));
            case FLIGHT_RECORDING -> record();
            default -> {}
        }
    }

    private static void record() {
        Recording recording = new Recording();
        recording.enable("dev.convoke.Publication").withoutThreshold();
        recording.enable("dev.convoke.Delivery").withoutThreshold();
        recording.start();
    }
}
