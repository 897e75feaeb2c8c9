package dev.convoke.benchmarks.report;

/**
 * What one JVM measures.
 *
 * @param scenario its id
 * @param variant the value of the scenario's parameter
 * @param subject what is measured
 */
public record Case(String scenario, String variant, String subject) {}
