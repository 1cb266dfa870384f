package io.lepton.spark.ingest;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * What Java's serialization makes of a shard. Spark keeps a block locked for good if it fails to
 * serialize it for another process, so that no serializer may fail.
 */
final class ShardBytes implements Externalizable {
  private static final long serialVersionUID = 1;

  private transient Shard shard;

  /** One to read into. */
  public ShardBytes() {}

  ShardBytes(Shard shard) {
    this.shard = shard;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    shard.write(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    shard = Shard.read(in);
  }

  private Object readResolve() {
    return shard;
  }
}
