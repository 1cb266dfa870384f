package io.lepton.tf.model;

import io.lepton.tf.Derivation;
import io.lepton.tf.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the sums of each metric lie: means first, in the order of the losses, then measures. */
final class MetricLayout {
  private final List<Metric> metrics = new ArrayList<>();
  private int end;

  private MetricLayout() {}

  /**
   * The metrics of a model.
   *
   * @param losses by label, in order; of one, names are without the label
   */
  static List<Metric> of(Map<String, Loss> losses) {
    MetricLayout layout = new MetricLayout();
    boolean several = losses.size() > 1;
    losses.forEach(
        (label, loss) -> {
          if (several) {
            layout.mean(label + "/loss");
          }
          loss.means().forEach(mean -> layout.mean(several ? label + "/" + mean : mean));
        });
    losses.forEach(
        (label, loss) ->
            Measure.of(loss).forEach(it -> layout.measure(several ? label + "/" : "", it)));
    return List.copyOf(layout.metrics);
  }

  private void mean(String name) {
    metrics.add(new Metric(name, Derivation.MEAN, end++, 1));
  }

  private void measure(String prefix, Measure measure) {
    for (Measure.Derived metric : measure.metrics()) {
      metrics.add(new Metric(prefix + metric.name(), metric.derivation(), end, measure.width()));
    }
    end += measure.width();
  }
}
