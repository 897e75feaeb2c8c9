/** The JVM in which one subject publishes or delivers, and what it tells the JVM that has started it. */
@NullMarked
package dev.convoke.benchmarks.journal.child;

import org.jspecify.annotations.NullMarked;
