package dev.convoke.benchmarks.bus;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Disruptor with one publisher and a thread for each listener; they wait without spinning. */
final class DisruptorBus implements Bus {
    private static final int RING = 1_024;

    private final Disruptor<Slot> disruptor = new Disruptor<>(
            Slot::new, RING, DaemonThreadFactory.INSTANCE, ProducerType.SINGLE, new BlockingWaitStrategy());

    @Override
    public void subscribe(int index, Body body) {
        Consumer<Payload> listener = Shapes.plain(index, body);
        EventHandler<Slot> handler = (slot, sequence, endOfBatch) -> listener.accept(slot.payload);
        disruptor.handleEventsWith(handler);
    }

    @Override
    public void start() {
        disruptor.start();
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        disruptor.publishEvent((slot, sequence, published) -> slot.payload = published, payload);
        return null;
    }

    @Override
    public void close() {
        disruptor.shutdown();
    }

    /** A place in the ring. */
    private static final class Slot {
        private Payload payload = new Payload(0);
    }
}
