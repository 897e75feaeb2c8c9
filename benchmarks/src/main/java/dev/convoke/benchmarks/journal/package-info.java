/** Durable publishing beside SQL alone and other libraries: the rows D1 to D6, each subject in JVMs of its own. */
@NullMarked
package dev.convoke.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
