package io.lepton.spark.config;

import io.lepton.tf.model.Source;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares the inputs of a model that was made elsewhere with those of the data. */
final class InputCheck {
  private static final String MASK = ".mask";

  private final Settings settings;
  private final ModelSection model;

  InputCheck(Settings settings, ModelSection model) {
    this.settings = settings;
    this.model = model;
  }

  /**
   * The inputs as layers see them, with a problem added where they are not the model's.
   *
   * @param data inputs as the data gives them
   */
  List<Source> run(List<Source> data) {
    if (model.inputs().isEmpty()) {
      return data;
    }
    Set<String> wanted = new TreeSet<>(model.inputs().stream().map(Source::name).toList());
    Set<String> given =
        new TreeSet<>(
            data.stream()
                .map(Source::name)
                .filter(name -> wanted.contains(name) || !name.endsWith(MASK))
                .toList());
    if (model.namesInputs() && !wanted.equals(given)) {
      settings.refuse(
          model.key(),
          "takes the inputs %s, but data.inputs are %s".formatted(wanted, given),
          "call the data's inputs as the model does");
      return data;
    }
    return data.stream().map(this::fitted).toList();
  }

  private Source fitted(Source source) {
    Optional<Source> input = model.input(source.name());
    if (input.isEmpty()) {
      return source;
    }
    List<Integer> wanted = input.get().shape().orElseThrow();
    if (wanted.isEmpty() && source.shape().orElse(List.of(1)).equals(List.of(1))) {
      return new Source(source.name(), source.ids(), Optional.of(List.of()));
    }
    if (source.shape().isPresent() && !source.shape().get().equals(wanted)) {
      settings.refuse(
          model.key(),
          "takes '%s' of shape %s, but data.inputs.%s has %s"
              .formatted(input.get().name(), wanted, source.name(), source.shape().get()),
          "set its shape or columns so that it has that");
    }
    return source;
  }
}
