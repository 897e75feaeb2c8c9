/** Runs the scenarios in rounds, each subject in a JVM of its own. */
@NullMarked
package dev.convoke.benchmarks.run;

import org.jspecify.annotations.NullMarked;
