/** The programs that README shows. */
@NullMarked
package dev.convoke.examples.readme;

import org.jspecify.annotations.NullMarked;
