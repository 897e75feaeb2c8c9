package dev.convoke.benchmarks.journal.subject;

/**
 * What is published.
 *
 * @param customer the key, where order is asked for
 * @param number tells events apart, from 0
 */
public record Order(String customer, int number) {}
