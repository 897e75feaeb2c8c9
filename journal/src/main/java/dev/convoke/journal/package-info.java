/** Keeps deliveries to durable listeners in a database, until they are done. */
@NullMarked
package dev.convoke.journal;

import org.jspecify.annotations.NullMarked;
