/** The door: the coordinator, its publications and their options. */
@NullMarked
package dev.convoke;

import org.jspecify.annotations.NullMarked;
