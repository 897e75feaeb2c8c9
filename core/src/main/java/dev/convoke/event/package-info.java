/** What happened: event types, events, and the results of their deliveries. */
@NullMarked
package dev.convoke.event;

import org.jspecify.annotations.NullMarked;
