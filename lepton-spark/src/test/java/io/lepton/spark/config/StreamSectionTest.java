package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.predict.EventTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamSectionTest {
  @TempDir private Path directory;

  @Test
  void noRowIsTooLateUnlessItsTimeIsNamed() {
    assertThat(JobFile.minimalAnd(directory).load().stream().eventTime()).isEmpty();
    assertThat(JobFile.minimalAnd(directory, "stream.event-time.lateness = 1 hour").problems())
        .containsExactly("stream.event-time.column (job.conf: 9): must be set; add column = …");
  }

  @Test
  void rowsMayBeTenMinutesLateOrAsLongAsIsSaid() {
    assertThat(JobFile.minimalAnd(directory, "stream.event-time.column = at").load().stream())
        .isEqualTo(ScoringConfiguration.load(List.of("stream.event-time.column=at")).stream())
        .extracting(it -> it.eventTime().orElseThrow())
        .isEqualTo(new EventTime("at", Duration.ofMinutes(10)));
    assertThat(
            ScoringConfiguration.load(
                    List.of("stream.event-time { column = at, lateness = 30 seconds }"))
                .stream()
                .eventTime())
        .contains(new EventTime("at", Duration.ofSeconds(30)));
  }

  @Test
  void withoutAJobOnlyTheClusterAndTheStreamAreSet() {
    assertThat(ScoringConfiguration.load(List.of()).cluster())
        .isEqualTo(JobFile.minimalAnd(directory).load().cluster());
    assertThat(ScoringConfiguration.load(List.of("cluster.task-timeout=1 hour")).cluster())
        .extracting(ClusterSection::taskTimeout)
        .isEqualTo(Duration.ofHours(1));
    assertThatThrownBy(
            () -> ScoringConfiguration.load(List.of("training.epochs=3", "stream.event=1")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("training")
        .hasMessageContaining("did you mean stream.event-time?");
  }

  @Test
  void theEffectiveConfigurationReadsBackToTheSame() {
    ScoringConfiguration scoring =
        ScoringConfiguration.load(List.of("stream.event-time.column=at"));

    assertThat(ScoringConfiguration.load(List.of(scoring.effective())).stream())
        .isEqualTo(scoring.stream());
  }
}
