package io.lepton.tf.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a table that an input is made of.
 *
 * @param input its name
 * @param columns in their order
 * @param numbers whether they are numbers, side by side
 * @param fills for each column whether missing numbers are filled by the model; else there may be
 *     none
 */
record InputColumns(String input, List<String> columns, boolean numbers, List<Boolean> fills) {
  InputColumns {
    columns = List.copyOf(columns);
    fills = List.copyOf(fills);
  }

  static List<InputColumns> of(JsonNode preprocessing) {
    List<InputColumns> inputs = new ArrayList<>();
    for (JsonNode input : preprocessing.path("data").path("inputs")) {
      List<String> columns = new ArrayList<>();
      List<Boolean> fills = new ArrayList<>();
      JsonNode kind = input.path("kind");
      for (JsonNode column : input.path("columns")) {
        JsonNode own = kind.path("overrides").path(column.asText());
        columns.add(column.asText());
        fills.add(isFilled((own.isObject() ? own : kind.path("options")).path("missing")));
      }
      boolean numbers = kind.path("kind").asText().equals("numbers");
      inputs.add(new InputColumns(input.path("name").asText(), columns, numbers, fills));
    }
    return List.copyOf(inputs);
  }

  /** Whether a missing number at an element of an example is filled. */
  boolean fills(int element) {
    return fills.size() == 1 ? fills.get(0) : element < fills.size() && fills.get(element);
  }

  private static boolean isFilled(JsonNode missing) {
    return missing.asText().equals("FILL") || missing.asText().equals("MASK");
  }
}
