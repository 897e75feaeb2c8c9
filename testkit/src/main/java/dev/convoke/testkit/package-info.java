/** Tests code that uses a coordinator, with nothing left to chance: clock, executors, recordings, assertions. */
@NullMarked
package dev.convoke.testkit;

import org.jspecify.annotations.NullMarked;
