/** Starts deliveries, ends them, and bounds how many there are. */
@NullMarked
package dev.convoke.internal.dispatch;

import org.jspecify.annotations.NullMarked;
