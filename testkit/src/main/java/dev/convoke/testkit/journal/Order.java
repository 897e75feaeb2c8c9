package dev.convoke.testkit.journal;

import dev.convoke.event.EventType;

/** What the kit publishes; ordered by customer. */
public record Order(String customer, int number) {
    /** The event. */
    public static final EventType<Order> PLACED =
            EventType.of("order.placed", Order.class).keyedBy(Order::customer);
}
