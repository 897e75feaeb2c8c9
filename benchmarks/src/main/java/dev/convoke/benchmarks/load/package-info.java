/** What is published and what listens, in the shapes that the subjects take. */
@NullMarked
package dev.convoke.benchmarks.load;

import org.jspecify.annotations.NullMarked;
