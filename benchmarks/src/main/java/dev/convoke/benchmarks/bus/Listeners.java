package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import dev.convoke.listener.AsyncListener;
import java.util.Arrays;
import java.util.function.Consumer;

/** Arrays of listeners that grow by one, as the limits keep them. */
final class Listeners {
    private Listeners() {}

    @SuppressWarnings("unchecked")
    static Consumer<Payload>[] none() {
        return (Consumer<Payload>[]) new Consumer<?>[0];
    }

    @SuppressWarnings("unchecked")
    static AsyncListener<Payload>[] noneAsync() {
        return (AsyncListener<Payload>[]) new AsyncListener<?>[0];
    }

    static Consumer<Payload>[] with(Consumer<Payload>[] listeners, int index, Body body) {
        Consumer<Payload>[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = Shapes.plain(index, body);
        return more;
    }

    static AsyncListener<Payload>[] with(AsyncListener<Payload>[] listeners, int index, Body body) {
        AsyncListener<Payload>[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = Shapes.async(index, body);
        return more;
    }
}
