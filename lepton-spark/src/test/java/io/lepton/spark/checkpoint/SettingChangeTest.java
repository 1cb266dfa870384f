package io.lepton.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingChangeTest {
  @Test
  void eachSettingThatIsNotWhatItWasIsListed() {
    Map<String, String> before = Map.of("a", "1", "b.c", "2", "gone", "3");
    Map<String, String> after = Map.of("a", "1", "b.c", "[4]", "new", "5");

    assertThat(SettingChange.between(before, after))
        .extracting(SettingChange::toString)
        .containsExactly("b.c: 2 → [4]", "gone: 3 → not set", "new: not set → 5");
    assertThat(SettingChange.between(before, before)).isEmpty();
  }
}
