/** The databases that the journal's benchmark starts and ends itself. */
@NullMarked
package dev.convoke.benchmarks.journal.server;

import org.jspecify.annotations.NullMarked;
