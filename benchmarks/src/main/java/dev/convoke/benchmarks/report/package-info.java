/** From measurements to medians, goals, tables and pictures. */
@NullMarked
package dev.convoke.benchmarks.report;

import org.jspecify.annotations.NullMarked;
