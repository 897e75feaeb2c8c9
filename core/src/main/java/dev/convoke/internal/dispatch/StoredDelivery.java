package dev.convoke.internal.dispatch;

import dev.convoke.event.DeliveryResult;
import java.util.concurrent.CompletableFuture;

/**
 * What a journal says of a delivery that it makes.
 *
 * @param idempotencyKey what the listener's context says
 * @param attempt which it is, from 1
 * @param resource what the listener may ask its context for
 * @param ended its result, once its listener occupies nothing any more
 */
record StoredDelivery(String idempotencyKey, int attempt, Object resource, CompletableFuture<DeliveryResult> ended) {}
