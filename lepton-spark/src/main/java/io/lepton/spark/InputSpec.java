package io.lepton.spark;

import io.lepton.arrow.ElementType;
import java.io.Serializable;
import java.util.List;

/**
 * One input of a model and the columns of the DataFrame it is made of.
 *
 * @param name the port's name
 * @param columns one column of arrays or binary; or any number of numeric ones, put side by side in
 *     this order. A name that ends in {@code *} stands for all columns that start so but the label
 *     and the weight, in the order of the schema
 * @param type of an element, {@code UINT8} for images in binary columns
 * @param shape of one example; empty means {@code [number of columns]} for numeric columns
 */
public record InputSpec(String name, List<String> columns, ElementType type, List<Integer> shape)
    implements Serializable {
  public InputSpec {
    columns = List.copyOf(columns);
    shape = List.copyOf(shape);
  }
}
