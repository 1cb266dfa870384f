package io.lepton.tf.model;

import java.util.List;
import java.util.stream.Stream;

/** The weights of recurrent layers. */
final class RecurrentWeights {
  private RecurrentWeights() {}

  static List<Weight> of(RecurrentLayer layer, String name, int channels) {
    if (layer instanceof RecurrentLayer.Bidirectional) {
      return Stream.of("/forward", "/backward")
          .flatMap(direction -> direction(layer, name + direction, channels).stream())
          .toList();
    }
    return direction(layer, name, channels);
  }

  private static List<Weight> direction(RecurrentLayer layer, String name, int channels) {
    int units = layer.units();
    int columns = layer.cell().parts() * units;
    List<Integer> bias =
        layer.cell() == RecurrentLayer.Cell.GRU ? List.of(2, columns) : List.of(columns);
    return List.of(
        Weight.kernel(name, List.of(channels, columns)),
        Weight.learned(
            name, "recurrent-kernel", List.of(units, columns), new Initializer.Orthogonal(1)),
        Weight.learned(
            name,
            "bias",
            bias,
            layer.cell() == RecurrentLayer.Cell.LSTM
                ? new Initializer.ForgetBias(units)
                : Initializer.ZEROS));
  }
}
