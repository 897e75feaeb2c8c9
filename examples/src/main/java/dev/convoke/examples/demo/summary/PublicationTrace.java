package dev.convoke.examples.demo.summary;

import dev.convoke.event.Event;
import java.time.Duration;
import java.util.List;

/**
 * One publication and when its deliveries started and ended.
 *
 * @param event the event that was published
 * @param published when, from the beginning of the recording
 * @param took from then to its outcome
 * @param deliveries in subscription order
 */
record PublicationTrace(Event<?> event, Duration published, Duration took, List<DeliveryTrace> deliveries) {
    PublicationTrace {
        deliveries = List.copyOf(deliveries);
    }
}
