package dev.convoke.benchmarks.bus;

import dev.convoke.AsyncEventCoordinator;
import dev.convoke.listener.ListenerOptions;

/**
 * Makes a subject by the name that it has in tables.
 *
 * <p>A class of a subject is loaded when it is asked for and not before: in a JVM that measures one, there are no others
 * that the compiler would have to reckon with.
 */
public final class Subjects {
    private Subjects() {}

    /** One whose listeners run on the publisher's thread. */
    public static Bus inline(String subject) {
        return switch (subject) {
            case "Convoke" -> new ConvokeInline();
            case "Convoke kept" -> new ConvokeKept();
            case "L1" -> new DirectLoop();
            case "L2" -> new AllOfLoop();
            case "L3" -> new IsDoneLoop();
            case "L6" -> new MapLoop();
            case "Guava" -> GuavaBus.inline();
            case "greenrobot" -> new GreenrobotBus();
            case "MBassador" -> new MBassadorBus();
            case "NeoForged" -> new NeoForgedEvents();
            case "Spring" -> new SpringBus();
            case "Weld" -> WeldBus.inline();
            default -> throw unknown(subject);
        };
    }

    /** One whose listeners run elsewhere, and nobody waits. */
    public static Bus handOff(String subject) {
        return switch (subject) {
            case "Convoke" -> ConvokeHandOff.onItsOwn();
            case "Convoke on pool", "Convoke unordered" -> ConvokeHandOff.on(Pools.fixed());
            case "Convoke ordered" ->
                ConvokeHandOff.on(Pools.fixed(), ListenerOptions.defaults().ordered());
            case "Convoke, stopped clock" -> ConvokeHandOff.withoutTime(Pools.fixed());
            case "L4" -> new TaskPerListener(VirtualThreads::start);
            case "L5" -> new TaskPerListener(Pools.fixed());
            case "Disruptor" -> new DisruptorBus();
            case "Guava" -> GuavaBus.on(Pools.fixed());
            case "Pekko" -> new PekkoBus();
            case "Reactor" -> new ReactorBus();
            case "Vert.x" -> new VertxBus();
            default -> throw unknown(subject);
        };
    }

    /** One whose publisher gets a future for all stages, of listeners that complete them later. */
    public static Bus pending(String subject) {
        return switch (subject) {
            case "Convoke" -> new ConvokePending(AsyncEventCoordinator.builder());
            case "Convoke, stopped clock" ->
                new ConvokePending(AsyncEventCoordinator.builder().ticker(new StoppedTicker()));
            case "L2" -> new AllOfLoop();
            case "callbacks" -> new CallbackLoop();
            default -> throw unknown(subject);
        };
    }

    /** One whose publisher waits for listeners that run elsewhere. */
    public static AwaitedBus awaited(String subject) {
        return switch (subject) {
            case "Convoke" -> new ConvokeAwaited(AsyncEventCoordinator.builder());
            case "Convoke on pool" ->
                new ConvokeAwaited(AsyncEventCoordinator.builder().executor(Pools.cached()));
            case "L4" -> new TasksAndLatch(VirtualThreads::start);
            case "L5" -> new TasksAndLatch(Pools.cached());
            case "MBassador" -> new MBassadorBus();
            case "Vert.x" -> new VertxBus();
            case "Weld" -> WeldBus.async();
            default -> throw unknown(subject);
        };
    }

    /** One with so many events. */
    public static Events events(String subject, int events) {
        return switch (subject) {
            case "Convoke" -> new ConvokeEvents(events);
            case "Convoke bound once" -> new ConvokeBound();
            case "Convoke by name" -> new ConvokeNames(events);
            case "L6" -> new MapEvents(events);
            case "Guava" -> new GuavaEvents();
            case "NeoForged" -> new NeoForgedEvents();
            case "Reactor and map" -> new ReactorEvents(events);
            case "Vert.x" -> new VertxEvents(events);
            default -> throw unknown(subject);
        };
    }

    /** One whose listeners come and go. */
    public static Roster roster(String subject) {
        return switch (subject) {
            case "Convoke" -> new ConvokeRoster();
            case "Hash set" -> new HashSetRoster();
            case "Guava" -> GuavaBus.inline();
            case "MBassador" -> new MBassadorBus();
            case "NeoForged" -> new NeoForgedEvents();
            case "Spring" -> new SpringBus();
            default -> throw unknown(subject);
        };
    }

    private static IllegalArgumentException unknown(String subject) {
        return new IllegalArgumentException("no such subject in this scenario: " + subject);
    }
}
