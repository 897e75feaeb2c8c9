/**
 * The asynchronous event coordinator: publish an event by name, and await one outcome with a result per listener.
 *
 * <p>It needs no other library at run time.
 */
module dev.convoke {
    requires static org.jspecify;

    exports dev.convoke;
    exports dev.convoke.event;
    exports dev.convoke.listener;
    exports dev.convoke.spi;
}
