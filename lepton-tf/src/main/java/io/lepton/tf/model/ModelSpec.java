package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import java.io.Serializable;
import java.util.List;

/**
 * All that a program is compiled from.
 *
 * @param inputs columns the model sees; a chain of layers takes exactly one. Integers and booleans
 *     are cast to float32 before the first layer
 * @param label the column the loss compares with: scalar, of the type the loss wants
 * @param weighted whether chunks carry a float32 example weight beside the label
 * @param layers the chain; the last one gives the loss its logits or outputs
 */
public record ModelSpec(
    List<ColumnSpec> inputs,
    ColumnSpec label,
    boolean weighted,
    List<Layer> layers,
    Loss loss,
    Optimizer optimizer)
    implements Serializable {
  public ModelSpec {
    inputs = List.copyOf(inputs);
    layers = List.copyOf(layers);
  }
}
