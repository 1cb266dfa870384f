package io.lepton.spark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
  private final EvaluationReport report =
      new EvaluationReport(
          slice("", "", 1200, new Estimate(0.75, 0.7, 0.8), Estimate.of(Double.NaN)),
          List.of(slice("region", "north", 30, Estimate.of(0.5), Estimate.of(1.25e-7))),
          Optional.of(
              new ClassDetails(
                  List.of(new ClassDetails.OfClass(0, 0.5, 1, 0.6, 0.4, 12.5)),
                  List.of(List.of(12.5)),
                  new Reliability(List.of(new Reliability.Bin(0, Double.NaN, Double.NaN))),
                  List.of(),
                  List.of(
                      new ThresholdChoice(
                          new ThresholdGoal.BestF1(), 0.25, 0.5, 1, 0.6, Double.NaN)))));

  @Test
  void linesAreAligned() {
    assertThat(report.lines())
        .containsExactly(
            "                               all  region=north",
            "rows                         1,200            30",
            "accuracy   0.7500 [0.7000, 0.8000]        0.5000",
            "macro-auc                        -    1.2500e-07",
            "",
            "class  precision  recall      f1     iou  weight",
            "0         0.5000  1.0000  0.6000  0.4000   12.50",
            "",
            "threshold for  threshold  precision  recall      f1",
            "best f1           0.2500     0.5000  1.0000  0.6000");
  }

  @Test
  void jsonHasNullForWhatIsNoNumber() throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode json = mapper.readTree(mapper.writeValueAsString(report.fields()));
    assertThat(json.at("/metrics/accuracy").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/intervals/accuracy/1").asDouble()).isEqualTo(0.8);
    assertThat(json.at("/metrics/macro-auc").isNull()).isTrue();
    assertThat(json.at("/reliability/0/frequency").isNull()).isTrue();
    assertThat(json.at("/slices/0/value").asText()).isEqualTo("north");
    assertThat(json.at("/thresholds/0/goal").asText()).isEqualTo("best f1");
  }

  private static SliceReport slice(
      String column, String value, long rows, Estimate accuracy, Estimate area) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", accuracy);
    metrics.put("macro-auc", area);
    return new SliceReport(column, value, rows, rows, metrics);
  }
}
