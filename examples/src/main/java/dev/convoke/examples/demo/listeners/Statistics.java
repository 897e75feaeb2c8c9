package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Counts events by name, repository and sender. Thread-safe. */
final class Statistics {
    private final Map<String, Integer> events = new ConcurrentHashMap<>();
    private final Map<String, Integer> repositories = new ConcurrentHashMap<>();
    private final Map<String, Integer> senders = new ConcurrentHashMap<>();

    /** The demo's listener; it completes at once. */
    CompletionStage<?> count(Webhook webhook) {
        events.merge(webhook.event(), 1, Integer::sum);
        webhook.repository().ifPresent(repository -> repositories.merge(repository, 1, Integer::sum));
        webhook.sender().ifPresent(sender -> senders.merge(sender, 1, Integer::sum));
        return CompletableFuture.completedFuture(null);
    }

    /** What was counted so far. */
    Counts counts() {
        Optional<Map.Entry<String, Integer>> busiest = repositories.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())));
        return new Counts(
                events.size(),
                repositories.size(),
                senders.size(),
                busiest.map(Map.Entry::getKey).orElse(""),
                busiest.map(Map.Entry::getValue).orElse(0));
    }
}
