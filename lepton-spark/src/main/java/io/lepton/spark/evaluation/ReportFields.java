package io.lepton.spark.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as plain values for JSON; what is no finite number is null. */
final class ReportFields {
  private ReportFields() {}

  static Map<String, Object> of(EvaluationReport report) {
    Map<String, Object> fields = new LinkedHashMap<>(of(report.all()));
    fields.put("slices", report.slices().stream().map(ReportFields::of).toList());
    report.details().ifPresent(it -> fields.putAll(of(it)));
    return fields;
  }

  private static Map<String, Object> of(SliceReport slice) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!slice.column().isEmpty()) {
      fields.put("column", slice.column());
      fields.put("value", slice.value());
    }
    fields.put("rows", slice.rows());
    fields.put("weight", slice.weight());
    Map<String, Object> metrics = new LinkedHashMap<>();
    Map<String, Object> intervals = new LinkedHashMap<>();
    slice
        .metrics()
        .forEach(
            (name, estimate) -> {
              metrics.put(name, number(estimate.value()));
              if (estimate.hasInterval()) {
                intervals.put(name, List.of(estimate.low(), estimate.high()));
              }
            });
    fields.put("metrics", metrics);
    if (!intervals.isEmpty()) {
      fields.put("intervals", intervals);
    }
    return fields;
  }

  private static Map<String, Object> of(ClassDetails details) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("classes", details.classes().stream().map(ReportFields::of).toList());
    fields.put("confusion", details.confusion());
    fields.put("reliability", details.reliability().bins().stream().map(ReportFields::of).toList());
    fields.put("curves", details.curves().stream().map(ReportFields::of).toList());
    fields.put("thresholds", details.thresholds().stream().map(ReportFields::of).toList());
    return fields;
  }

  private static Map<String, Object> of(ClassDetails.OfClass it) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("class", it.label());
    fields.put("precision", it.precision());
    fields.put("recall", it.recall());
    fields.put("f1", it.f1());
    fields.put("iou", it.iou());
    fields.put("weight", it.support());
    return fields;
  }

  private static Map<String, Object> of(Reliability.Bin bin) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("weight", bin.weight());
    fields.put("confidence", number(bin.confidence()));
    fields.put("frequency", number(bin.frequency()));
    return fields;
  }

  private static Map<String, Object> of(ClassDetails.DrawnCurve curve) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("class", curve.label());
    fields.put("auc", number(curve.area()));
    fields.put("average_precision", number(curve.averagePrecision()));
    fields.put("positives", curve.positives());
    fields.put("negatives", curve.negatives());
    fields.put(
        "points",
        curve.points().stream()
            .map(point -> List.of(point.threshold(), point.right(), point.wrong()))
            .toList());
    return fields;
  }

  private static Map<String, Object> of(ThresholdChoice choice) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("goal", choice.goal().words());
    fields.put("threshold", number(choice.threshold()));
    fields.put("precision", number(choice.precision()));
    fields.put("recall", number(choice.recall()));
    fields.put("f1", number(choice.f1()));
    fields.put("cost", number(choice.cost()));
    return fields;
  }

  private static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
