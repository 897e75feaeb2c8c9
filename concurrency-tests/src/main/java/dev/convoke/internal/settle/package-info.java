/** Races of the slots and the futures that are completed from them. */
@NullMarked
package dev.convoke.internal.settle;

import org.jspecify.annotations.NullMarked;
