/** Durable publishing beside what the database does for SQL alone. */
@NullMarked
package dev.convoke.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
