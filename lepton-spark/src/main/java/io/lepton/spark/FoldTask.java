package io.lepton.spark;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.arrow.codec.TouchedBlocks;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.Publication;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
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
      DeltaForm form = group.form();
      new SliceMeans(form, 1)
          .each(
              IntStream.range(0, form.slices()).boxed().toList(),
              group.parts(),
              () -> {
                ByteBuffer[] whole = new ByteBuffer[1];
                return (slice, from, means, count) -> {
                  if (from == 0) {
                    context.killTaskIfInterrupted();
                    whole[0] = buffer(form.count(slice));
                  }
                  put(whole[0], means, count);
                  if (!whole[0].hasRemaining()) {
                    ByteBuffer touched = touched(whole[0].flip());
                    checksum.update(touched.duplicate());
                    mean.add(touched);
                  }
                };
              });
      return new FoldAnswer(mean.published(), checksum.getValue(), null, null);
    } catch (FetchException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return new FoldAnswer(null, 0, e.address(), e.getMessage());
    }
  }

  private static ByteBuffer buffer(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  private static void put(ByteBuffer whole, double[] means, int count) {
    for (int i = 0; i < count; i++) {
      whole.putFloat((float) means[i]);
    }
  }

  private static ByteBuffer touched(ByteBuffer whole) {
    int count = whole.remaining() / Float.BYTES;
    return TouchedBlocks.of(DeltaCodec.FLOAT32, count, whole).orElse(whole);
  }
}
