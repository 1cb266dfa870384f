package io.lepton.tf.savedmodel;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.DataType;

/**
 * A model out of a SavedModel, ready to be trained.
 *
 * @param inputs by name, in the order of their names
 * @param outputs in the order of their names
 * @param variables that are trained or set by training; all others are constants of the graphs
 * @param inference what it computes
 * @param training what it computes in a step of training
 * @param signature that gives loss and gradients in place of {@code training}; null for none
 * @param notes what was decided, a sentence each, to be logged
 */
public record ImportedModel(
    List<Input> inputs,
    List<Output> outputs,
    List<ImportedVariable> variables,
    FlatGraph inference,
    FlatGraph training,
    ImportedGradients signature,
    List<String> notes)
    implements Serializable {
  /**
   * An input.
   *
   * @param shape of one example
   */
  public record Input(String name, DataType type, List<Integer> shape) implements Serializable {
    public Input {
      shape = List.copyOf(shape);
    }

    /** Whether it takes integers. */
    public boolean isInteger() {
      return switch (type) {
        case DT_UINT8, DT_INT32, DT_INT64 -> true;
        default -> false;
      };
    }
  }

  /**
   * An output.
   *
   * @param shape of one example
   * @param hasLogits whether it ends in a softmax or a sigmoid, whose input can be had instead
   */
  public record Output(String name, List<Integer> shape, boolean hasLogits)
      implements Serializable {
    public Output {
      shape = List.copyOf(shape);
    }
  }

  public ImportedModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    variables = List.copyOf(variables);
    notes = List.copyOf(notes);
  }

  /** The signature that gives loss and gradients, if they are not to be found here. */
  public Optional<ImportedGradients> gradients() {
    return Optional.ofNullable(signature);
  }
}
