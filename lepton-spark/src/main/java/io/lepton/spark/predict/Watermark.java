package io.lepton.spark.predict;

import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.streaming.checkpointing.OffsetSeqLog;
import org.apache.spark.sql.execution.streaming.checkpointing.OffsetSeqMetadata;
import scala.Option;

/** The watermarks of a stream's batches, as Spark wrote them down before each began. */
final class Watermark {
  private final OffsetSeqLog offsets;

  Watermark(SparkSession spark, String checkpoint) {
    offsets = new OffsetSeqLog(spark, checkpoint + "/offsets");
  }

  /** That of a batch; empty if nothing was seen before it. */
  Optional<Instant> of(long batch) {
    Option<OffsetSeqMetadata> written = offsets.offsetSeqMetadataForBatchId(batch);
    if (written.isEmpty()) {
      throw new IllegalStateException(
          "a batch must be in its checkpoint before it begins, but %d is not".formatted(batch));
    }
    long millis = written.get().batchWatermarkMs();
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
