package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Body;
import dev.convoke.benchmarks.load.Payload;
import dev.convoke.benchmarks.load.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** Pekko's typed actors, one for each listener; the publisher tells each of them. */
final class PekkoBus implements Bus {
    private final List<Consumer<Payload>> listeners = new ArrayList<>();
    private final List<ActorRef<Payload>> actors = new ArrayList<>();
    private @Nullable ActorSystem<Void> system;

    @Override
    public void subscribe(int index, Body body) {
        listeners.add(Shapes.plain(index, body));
    }

    @Override
    public void start() {
        CountDownLatch spawned = new CountDownLatch(1);
        Behavior<Void> root = Behaviors.setup(context -> {
            for (Consumer<Payload> listener : listeners) {
                actors.add(context.spawnAnonymous(actor(listener)));
            }
            spawned.countDown();
            return Behaviors.empty();
        });
        system = ActorSystem.create(root, "benchmark");
        try {
            spawned.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a benchmark", e);
        }
    }

    private static Behavior<Payload> actor(Consumer<Payload> listener) {
        return Behaviors.receiveMessage(payload -> {
            listener.accept(payload);
            return Behaviors.same();
        });
    }

    @Override
    public @Nullable Object publish(Payload payload) {
        for (ActorRef<Payload> actor : actors) {
            actor.tell(payload);
        }
        return null;
    }

    @Override
    public void close() {
        if (system != null) {
            system.terminate();
        }
    }
}
