package dev.convoke.examples.demo.listeners;

/** A webhook breaks a rule of the {@link StrictValidator}. */
final class InvalidWebhookException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidWebhookException(String violation) {
        super(violation);
    }
}
