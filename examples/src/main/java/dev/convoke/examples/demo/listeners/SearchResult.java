package dev.convoke.examples.demo.listeners;

/**
 * What the index answers.
 *
 * @param word what was looked for
 * @param events how many events have it
 * @param best name and id of the one that it fits best; empty where there is none
 */
public record SearchResult(String word, int events, String best) {}
