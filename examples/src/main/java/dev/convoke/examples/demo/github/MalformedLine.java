package dev.convoke.examples.demo.github;

/**
 * A line that is no webhook.
 *
 * @param line where it is in its file, from 1
 * @param reason what was expected and what was found
 */
public record MalformedLine(int line, String reason) {}
