package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.arrow.codec.TouchedBlocks;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.Publication;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.apache.spark.TaskContext;

/**
 * Folds a group inside a Spark task and publishes the mean slice by slice, as float32 without the
 * blocks that are zero. A function of the group, so that Spark may repeat it.
 */
final class FoldTask {
  private FoldTask() {}

  static FoldAnswer run(TaskContext context, FoldGroup group) {
    CRC32C checksum = new CRC32C();
    try (Publication mean = new Publication(context, group.scope(), group.field())) {
      new SliceMeans(group.form())
          .each(
              0,
              group.parts(),
              (index, means, count) -> {
                context.killTaskIfInterrupted();
                ByteBuffer slice = float32(means, count);
                checksum.update(slice.duplicate());
                mean.add(slice);
              });
      return new FoldAnswer(mean.published(), checksum.getValue(), null, null);
    } catch (FetchException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return new FoldAnswer(null, 0, e.address(), e.getMessage());
    }
  }

  private static ByteBuffer float32(double[] means, int count) {
    ByteBuffer whole =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      whole.putFloat((float) means[i]);
    }
    whole.flip();
    return TouchedBlocks.of(DeltaCodec.FLOAT32, count, whole).orElse(whole);
  }
}
