package io.lepton.spark.ingest;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;

/** What ingest sends between processes. */
public final class IngestKryo {
  private IngestKryo() {}

  /** Registers the classes. */
  public static void register(Kryo kryo) {
    kryo.register(Segments.Recipe.class, new JavaSerializer());
    kryo.register(KeptBuckets.Answer.class, new JavaSerializer());
    kryo.register(Scanned.class, new JavaSerializer());
    kryo.register(Tallies.class, new JavaSerializer());
    kryo.register(Shard.class, new Shard.KryoSerializer());
  }
}
