package io.lepton.spark;

import io.lepton.spark.exchange.Address;
import java.io.Serializable;

/**
 * What became of a {@link FoldGroup}.
 *
 * @param mean where it is; null if a slice was missing
 * @param checksum of the mean
 * @param missing where that slice should have come from; null if none was
 * @param why it did not come
 */
record FoldAnswer(Address mean, long checksum, Address missing, String why)
    implements Serializable {}
