/**
 * The asynchronous event coordinator: publish an event by name, and await one outcome with a result per listener.
 *
 * <p>It needs no other library at run time; of the platform's modules it uses {@code java.base}, and {@code jdk.jfr} for its
 * flight records.
 */
module dev.convoke {
    requires jdk.jfr;
    requires static org.jspecify;

    exports dev.convoke;
    exports dev.convoke.event;
    exports dev.convoke.listener;
    exports dev.convoke.spi;
}
