package dev.convoke.examples.demo.listeners;

import dev.convoke.examples.demo.github.Webhook;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Fails for the events that break one of its rules. Thread-safe: it has no state. */
final class StrictValidator {
    private static final List<Rule> RULES = List.of(
            new Rule("it has no sender", webhook -> webhook.sender().isEmpty()),
            new Rule("its repository is private", webhook -> flag(webhook, "repository", "private")),
            new Rule("its sender is an organization", StrictValidator::isSentByOrganization));

    private StrictValidator() {}

    /**
     * A rule.
     *
     * @param violation what is said when it is broken
     * @param broken whether an event breaks it
     */
    private record Rule(String violation, Predicate<Webhook> broken) {}

    /**
     * The demo's listener; its value is how many rules the event keeps.
     *
     * @throws InvalidWebhookException if it breaks one
     */
    static CompletionStage<Integer> check(Webhook webhook) throws InvalidWebhookException {
        for (Rule rule : RULES) {
            if (rule.broken().test(webhook)) {
                throw new InvalidWebhookException(rule.violation());
            }
        }
        return CompletableFuture.completedFuture(RULES.size());
    }

    private static boolean flag(Webhook webhook, String part, String name) {
        return webhook.data().path(part).path(name).asBoolean(false);
    }

    private static boolean isSentByOrganization(Webhook webhook) {
        return webhook.data().path("sender").path("type").asString("").equals("Organization");
    }
}
