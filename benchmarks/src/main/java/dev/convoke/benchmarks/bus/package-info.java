/** The subjects: Convoke, the limits and the peers, each behind an interface as small as the scenario. */
@NullMarked
package dev.convoke.benchmarks.bus;

import org.jspecify.annotations.NullMarked;
