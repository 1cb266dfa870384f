package io.lepton.tf;

import io.lepton.arrow.MappedShard;

/**
 * A chunk of a data set.
 *
 * @param chunk owned by its shard; another chunk if that is opened anew
 * @param firstExample number of its first row in the data set
 */
public record NumberedChunk(MappedShard.Chunk chunk, long firstExample) {}
