/** Races through the public face: what two threads do to one publication, subscription or coordinator. */
@NullMarked
package dev.convoke.races;

import org.jspecify.annotations.NullMarked;
