package dev.convoke.journal.internal;

import dev.convoke.journal.internal.DeliveryTable.Claimed;

/**
 * A delivery that is to be made now.
 *
 * @param ageMillis since when the event was kept, or last of use, when this was claimed
 * @param claimedAt by this process's clock, in nanoseconds
 */
record Due(Claimed delivery, StoredEvent event, Local local, long ageMillis, long claimedAt) {}
