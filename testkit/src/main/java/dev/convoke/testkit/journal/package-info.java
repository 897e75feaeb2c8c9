/** What every journal has to pass: a compatibility kit. It needs JUnit Jupiter and Awaitility, which are not brought along. */
@NullMarked
package dev.convoke.testkit.journal;

import org.jspecify.annotations.NullMarked;
