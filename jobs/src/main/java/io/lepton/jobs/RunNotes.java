package io.lepton.jobs;

import io.lepton.spark.Adaptation;
import io.lepton.spark.RoundReport;
import io.lepton.spark.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Notes what the result tells of the rounds of a run. */
final class RunNotes implements TrainingListener {
  private final List<Adaptation> adaptations = new ArrayList<>();
  private int leftOut;

  @Override
  public void round(RoundReport report) {
    leftOut += report.averages().leftOut().size();
  }

  @Override
  public void adapted(Adaptation adaptation) {
    adaptations.add(adaptation);
  }

  /** Fields of the result. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("adaptations", adaptations.stream().map(RunNotes::fields).toList());
    fields.put("replicas_left_out", leftOut);
    return fields;
  }

  static Map<String, Object> fields(Adaptation adaptation) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("knob", adaptation.knob());
    fields.put("from", adaptation.from());
    fields.put("to", adaptation.to());
    fields.put("reason", adaptation.reason());
    fields.put("round", adaptation.round());
    return fields;
  }
}
