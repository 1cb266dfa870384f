package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lepton.spark.LeptonSpark;
import java.io.IOException;
import java.util.HashMap;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.kafka010.EarliestOffsetRangeLimit$;
import org.apache.spark.sql.kafka010.KafkaMicroBatchStream;
import org.apache.spark.sql.kafka010.KafkaSourceOffset;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.Map$;

class LostForMetricsTest {
  @Test
  void sparkStillCountsWhatIsLeftInKafkaBeforeItLookedAndThatIsKnownByItsTrace()
      throws IOException {
    try (SparkSession spark = LeptonSpark.builder().master("local[1]").getOrCreate()) {
      KafkaMicroBatchStream unlooked =
          new KafkaMicroBatchStream(
              null,
              new HashMap<>(),
              CaseInsensitiveStringMap.empty(),
              "",
              EarliestOffsetRangeLimit$.MODULE$,
              false);
      KafkaSourceOffset consumed = new KafkaSourceOffset(Map$.MODULE$.empty());

      Throwable end = catchThrowable(() -> unlooked.metrics(Optional.of(consumed)));

      assertThat(spark.sparkContext().isStopped()).isFalse();
      assertThat(end)
          .as("what KafkaStream.isLostForMetrics is for; without it, delete that")
          .isInstanceOf(NullPointerException.class)
          .matches(KafkaStream::isLostForMetrics);
    }
  }

  @Test
  void anyOtherEndOfAStreamIsWrong() {
    assertThat(KafkaStream.isLostForMetrics(new IllegalStateException("x"))).isFalse();
    assertThat(KafkaStream.isLostForMetrics(new NullPointerException("elsewhere"))).isFalse();
  }
}
