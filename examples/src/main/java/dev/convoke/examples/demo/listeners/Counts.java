package dev.convoke.examples.demo.listeners;

/**
 * What the statistics have counted.
 *
 * @param events how many different event names
 * @param repositories how many different repositories
 * @param senders how many different senders
 * @param busiestRepository the repository with the most events; empty where there is none
 * @param busiestEvents how many events it has
 */
public record Counts(int events, int repositories, int senders, String busiestRepository, int busiestEvents) {}
