/** What became of the publications, as people and as programs read it. */
@NullMarked
package dev.convoke.examples.demo.summary;

import org.jspecify.annotations.NullMarked;
