/**
 * The scenarios, as JMH runs them: one subject and one parameter in each JVM.
 *
 * <p>Not null-marked, as JMH fills the fields.
 */
package dev.convoke.benchmarks.jmh;
