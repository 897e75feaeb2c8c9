/** What add-ons write: observers and clocks. */
@NullMarked
package dev.convoke.spi;

import org.jspecify.annotations.NullMarked;
