package io.lepton.spark.ml;

import io.lepton.spark.Objective;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.bundle.ModelOutput;
import io.lepton.tf.bundle.ModelOutput.Kind;
import io.lepton.tf.model.ClassLoss;
import java.util.ArrayList;
import java.util.List;

/** The outputs that a model will have, as far as its columns depend on them. */
final class ExpectedOutputs {
  private ExpectedOutputs() {}

  static List<ModelOutput> of(TrainingJob job) {
    List<ModelOutput> outputs = new ArrayList<>();
    for (Objective objective : job.objectives()) {
      String name = job.objectives().size() == 1 ? "" : objective.label();
      List<Integer> shape = new ArrayList<>(shape(job, objective.label()));
      if (!(objective.loss() instanceof ClassLoss loss)) {
        outputs.add(output(name, Kind.PREDICTIONS, shape));
        continue;
      }
      shape.add(loss.classes());
      outputs.add(output(name, Kind.LOGITS, shape));
      if (!(loss instanceof ClassLoss.Hinge)) {
        outputs.add(output(name, Kind.PROBABILITIES, shape));
      }
    }
    return outputs;
  }

  private static ModelOutput output(String label, Kind kind, List<Integer> shape) {
    return new ModelOutput(kind.toString(), label, kind, "", shape, false);
  }

  /** Of a reconstructed input the shape is not known, but that there is one. */
  private static List<Integer> shape(TrainingJob job, String label) {
    return job.data().labels().stream()
        .filter(it -> it.name().equals(label))
        .findFirst()
        .filter(LabelSpec::hasColumn)
        .map(LabelSpec::shape)
        .orElse(List.of(2));
  }
}
