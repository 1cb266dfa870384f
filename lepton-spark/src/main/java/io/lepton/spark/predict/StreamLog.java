package io.lepton.spark.predict;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.streaming.checkpointing.OffsetSeqLog;
import org.apache.spark.sql.execution.streaming.checkpointing.OffsetSeqMetadata;
import scala.Option;

/** What Spark wrote down of a stream's batches before each began. */
final class StreamLog {
  private static final String OFFSETS = "offsets";

  private final OffsetSeqLog offsets;

  StreamLog(SparkSession spark, String checkpoint) {
    offsets = new OffsetSeqLog(spark, new Path(checkpoint, OFFSETS).toString());
  }

  /** The last batch that was begun by a checkpoint; empty if none was. Writes nothing. */
  static OptionalLong lastBatch(SparkSession spark, String checkpoint) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path offsets = new Path(checkpoint, OFFSETS);
    if (!offsets.getFileSystem(hadoop).exists(offsets)) {
      return OptionalLong.empty();
    }
    Option<Object> last = new StreamLog(spark, checkpoint).offsets.getLatestBatchId();
    return last.isEmpty() ? OptionalLong.empty() : OptionalLong.of((Long) last.get());
  }

  /** The watermark of a batch; empty if nothing was seen before it. */
  Optional<Instant> watermark(long batch) {
    Option<OffsetSeqMetadata> written = offsets.offsetSeqMetadataForBatchId(batch);
    if (written.isEmpty()) {
      throw new IllegalStateException(
          "a batch must be in its checkpoint before it begins, but %d is not".formatted(batch));
    }
    long millis = written.get().batchWatermarkMs();
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
