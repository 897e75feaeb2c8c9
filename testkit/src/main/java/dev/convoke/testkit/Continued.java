package dev.convoke.testkit;

import org.assertj.core.api.WritableAssertionInfo;

/** How an assertion that follows from another one is described: as that one is. */
final class Continued {
    private Continued() {}

    static void from(WritableAssertionInfo before, WritableAssertionInfo after) {
        after.description(before.description());
        after.useRepresentation(before.representation());
        after.overridingErrorMessage(before.overridingErrorMessage());
    }
}
