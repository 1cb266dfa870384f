package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.tf.savedmodel.ImportedGradients;
import io.lepton.tf.savedmodel.ImportedModel;
import java.io.Serializable;
import java.util.List;

/**
 * A program that is compiled from a signature which gives loss and gradients.
 *
 * @param name before the names of its variables, as a node's; that of an {@link ImportedLayer} of
 *     the same SavedModel makes {@link SavedModelWriter} take this program's parameters for it
 * @param model as it was read
 * @param columns one for each input, features and labels, named as the model names them
 * @param optimizer of the local steps
 * @param updates what happens around its rule
 */
public record GradientSpec(
    String name,
    ImportedGradients model,
    List<ColumnSpec> columns,
    Optimizer optimizer,
    UpdateOptions updates)
    implements Serializable {
  public GradientSpec {
    columns = List.copyOf(columns);
  }

  /** With the optimizer's rule and nothing around it. */
  public GradientSpec(
      String name, ImportedGradients model, List<ColumnSpec> columns, Optimizer optimizer) {
    this(name, model, columns, optimizer, UpdateOptions.PLAIN);
  }

  Learning learning() {
    return new Learning(optimizer, updates);
  }

  /** The variables as weights. */
  List<Weight> weights() {
    return model.variables().stream()
        .map(variable -> Weight.learned(name, variable.name(), variable.shape(), Initializer.ZEROS))
        .toList();
  }

  /**
   * The column of an input.
   *
   * @throws ModelException if it does not fit
   */
  ColumnSpec column(ImportedModel.Input input) {
    return columns.stream()
        .filter(column -> column.name().equals(input.name()))
        .filter(column -> column.shape().equals(input.shape()))
        .filter(column -> !input.isInteger() || TransformRules.isInteger(column.type()))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    "the model takes '%s' of type %s and shape %s, but the columns are %s; give one of that name and shape"
                        .formatted(input.name(), input.type(), input.shape(), columns)));
  }
}
