package io.lepton.spark;

import io.lepton.arrow.ColumnSpec;
import io.lepton.spark.ingest.ShardSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;

/** What the order of examples is a function of, and the columns, in words and a sum. */
final class DataFingerprint {
  private DataFingerprint() {}

  static String of(List<ColumnSpec> columns, ShardSet training, ShardSet validation) {
    String all = columns + chunks(training) + chunks(validation);
    return "%d rows to train on, %d to validate (%s)"
        .formatted(
            training.rows(),
            validation.rows(),
            DigestUtils.sha256Hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16));
  }

  private static String chunks(ShardSet data) {
    return IntStream.range(0, data.buckets()).mapToObj(data::chunkRows).toList().toString();
  }
}
