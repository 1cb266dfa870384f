package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.tf.savedmodel.ImportedGradients;
import io.lepton.tf.savedmodel.ImportedModel;
import java.util.List;
import java.util.Optional;

/** What must hold of a model whose loss and gradients a SavedModel's signature gives. */
final class SignatureRules {
  private SignatureRules() {}

  /**
   * Checks everything.
   *
   * @throws ModelException for the first rule that is broken
   */
  static void check(ModelSpec spec, Network network) {
    network.signature().ifPresent(signature -> check(spec, network, signature));
  }

  private static void check(ModelSpec spec, Network network, ImportedGradients signature) {
    if (network.parts().size() > 1) {
      refuse("the only layer", "there were " + network.parts().size(), "leave the others out");
    }
    if (spec.weighted()) {
      refuse("without example weights", "there was a column of them", "leave it out");
    }
    if (spec.targets().stream().anyMatch(target -> !target.classWeights().isEmpty())) {
      refuse("without class weights", "there were some", "leave them out");
    }
    if (spec.inputs().stream().anyMatch(AugmentationRules::mixes)) {
      refuse("of whole examples", "mixup or cutmix mixes them", "leave it out");
    }
    for (ImportedModel.Input input : signature.inputs()) {
      List<Integer> shape =
          spec.inputs().stream()
              .filter(it -> it.name().equals(input.name()))
              .findFirst()
              .map(ModelInput::outputShape)
              .orElseGet(() -> label(spec, signature, input).shape());
      if (!shape.equals(input.shape())) {
        throw new ModelException(
            "the signature with the gradients takes '%s' of shape %s, but was given %s; bring it to that shape"
                .formatted(input.name(), input.shape(), shape));
      }
    }
  }

  /**
   * The label that an input of the signature takes: that of its name, or the only one if no other
   * input is left for it.
   *
   * @throws ModelException if there is none
   */
  static ColumnSpec label(ModelSpec spec, ImportedGradients signature, ImportedModel.Input input) {
    List<ColumnSpec> labels =
        spec.targets().stream().filter(spec::hasColumn).map(Target::label).toList();
    List<String> names = spec.inputs().stream().map(ModelInput::name).toList();
    long left = signature.inputs().stream().filter(other -> !names.contains(other.name())).count();
    return labels.stream()
        .filter(label -> label.name().equals(input.name()))
        .findFirst()
        .or(() -> left == 1 && labels.size() == 1 ? labels.stream().findFirst() : Optional.empty())
        .orElseThrow(
            () ->
                new ModelException(
                    "the signature with the gradients takes %s, but the inputs are %s and the labels %s; call inputs and labels as it does"
                        .formatted(
                            signature.inputs().stream().map(ImportedModel.Input::name).toList(),
                            names,
                            labels.stream().map(ColumnSpec::name).toList())));
  }

  private static void refuse(String rule, String given, String mend) {
    throw new ModelException(
        "a model whose gradients come out of a signature must be %s, but %s; %s, or train it as exported"
            .formatted(rule, given, mend));
  }
}
