package dev.convoke.listener;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a listener, once its object is given to {@code AsyncEventCoordinator.subscribeAnnotated}.
 *
 * <pre>{@code
 * @OnEvent("order.placed")
 * CompletionStage<Void> welcome(OrderPlaced order) { … }
 *
 * @OnEvent(value = "order.placed", blocking = true, id = "ledger", timeout = "PT2S")
 * long enter(OrderPlaced order, EventContext context) throws SQLException { … }
 * }</pre>
 *
 * <p>The method returns a {@link java.util.concurrent.CompletionStage}, or is declared {@link #blocking}. It takes the
 * payload, or the {@link dev.convoke.event.Event} around it, or neither; and after it an {@link EventContext}, if it wants
 * one. The event's payload type is that of the parameter, and {@link dev.convoke.event.EventArguments} where it names none.
 *
 * <p>The method may be private, static, inherited or an interface's. An override is the same listener as what it
 * overrides: with the annotation nearest to the object's class, whether or not the override repeats it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnEvent {
    /** The event's name; or a pattern, where it has a {@code *}: {@code order.*}, for a method that takes no payload. */
    String value();

    /** The listener's id; empty for one that is called after its event, as {@code order.placed#1}. */
    String id() default "";

    /**
     * Whether the work is done when the method returns; it then has a thread of its own, and what it returns is the
     * delivery's value.
     */
    boolean blocking() default false;

    /** Whether the method runs on the publisher's thread. See {@link ListenerOptions#inline()}. */
    boolean inline() default false;

    /** Whether deliveries with the same key run one after another. See {@link ListenerOptions#ordered()}. */
    boolean ordered() default false;

    /** Whether the method runs for one event only. See {@link ListenerOptions#once()}. */
    boolean once() default false;

    /** Whether deliveries are kept in the coordinator's journal; it needs an {@link #id}. */
    boolean durable() default false;

    /** How many deliveries may run at a time; 0 where there is no limit. See {@link ListenerOptions#concurrency}. */
    int concurrency() default 0;

    /** How many attempts there are in all; more than one go by {@link RetryPolicy#exponential}. */
    int attempts() default 1;

    /** The listener's time-out in ISO-8601, as {@code PT2S}; empty for the coordinator's. */
    String timeout() default "";
}
