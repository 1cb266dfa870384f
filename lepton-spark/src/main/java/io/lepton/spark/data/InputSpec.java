package io.lepton.spark.data;

import java.io.Serializable;
import java.util.List;

/**
 * One input of a model and the columns of the DataFrame it is made of.
 *
 * @param name the port's name
 * @param columns in this order. A name that ends in {@code *} stands for all columns that start so
 *     but the labels and the weight, in the order of the schema
 * @param kind what the columns hold and how it is prepared
 */
public record InputSpec(String name, List<String> columns, InputKind kind) implements Serializable {
  public InputSpec {
    columns = List.copyOf(columns);
  }
}
