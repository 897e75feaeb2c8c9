package dev.convoke.journal;

import dev.convoke.event.EventType;

/** What the tests publish. */
record Order(String customer, int number) {
    static final EventType<Order> PLACED =
            EventType.of("order.placed", Order.class).keyedBy(Order::customer);
}
