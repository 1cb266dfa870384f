package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KEYS = List.of("epochs", "batch-size", "loss");

  @Test
  void aSlipOfTypingIsForgiven() {
    assertThat(Nearest.to("epcohs", KEYS)).contains("epochs");
    assertThat(Nearest.to("batchSize", KEYS)).contains("batch-size");
    assertThat(Nearest.to("LOSS", KEYS)).contains("loss");
  }

  @Test
  void aWordCutShortIsCompleted() {
    assertThat(Nearest.to("batch", KEYS)).contains("batch-size");
  }

  @Test
  void aWordLikeNoOtherHasNoNeighbour() {
    assertThat(Nearest.to("momentum", KEYS)).isEmpty();
    assertThat(Nearest.to("x", KEYS)).isEmpty();
  }
}
