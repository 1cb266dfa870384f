package io.lepton.spark.ingest;

import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/** Binds a specification to a schema: first finds all columns, then checks what they hold. */
final class DataBinder {
  private static final String LABEL = "data.label";
  private static final String WEIGHT = "data.weight-column";

  private final DataSpec spec;
  private final ColumnFinder finder;

  DataBinder(DataSpec spec, StructType schema) {
    this.spec = spec;
    Set<String> targets = new LinkedHashSet<>();
    targets.add(spec.label().column());
    spec.weight().ifPresent(targets::add);
    this.finder = new ColumnFinder(schema, targets);
  }

  DataBinding bind() {
    List<List<String>> names =
        spec.inputs().stream().map(input -> finder.expand(place(input), input.columns())).toList();
    finder.exists(LABEL, spec.label().column());
    spec.weight().ifPresent(weight -> finder.exists(WEIGHT, weight));
    finder.requireNoProblems();

    List<InputSpec> resolved = new ArrayList<>();
    List<BoundInput> inputs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      InputSpec input = spec.inputs().get(i);
      resolved.add(new InputSpec(input.name(), names.get(i), input.kind()));
      input(input, names.get(i)).ifPresent(inputs::add);
    }
    List<BoundTarget> targets = new ArrayList<>();
    BoundTarget.label(finder, LABEL, spec.label()).ifPresent(targets::add);
    spec.weight()
        .flatMap(weight -> BoundTarget.weight(finder, WEIGHT, weight))
        .ifPresent(targets::add);
    finder.requireNoProblems();
    return new DataBinding(
        new DataSpec(resolved, spec.label(), spec.weightColumn()),
        sources(names),
        types(names),
        inputs,
        targets);
  }

  private Optional<BoundInput> input(InputSpec input, List<String> names) {
    String place = place(input);
    if (input.kind() instanceof InputKind.Numbers numbers) {
      return new NumbersBinder(finder, place, input.name(), numbers, names).bind();
    } else if (input.kind() instanceof InputKind.Sequence sequence) {
      return SequenceInput.bind(finder, place, input.name(), sequence, names);
    } else if (input.kind() instanceof InputKind.Image image) {
      return ImageInput.bind(finder, place, input.name(), image, names);
    } else if (input.kind() instanceof InputKind.Categories categories) {
      return CategoriesInput.bind(finder, place, input.name(), categories, names);
    }
    return TextInput.bind(finder, place, input.name(), (InputKind.Text) input.kind(), names);
  }

  private List<String> sources(List<List<String>> names) {
    Set<String> wanted = new LinkedHashSet<>();
    names.forEach(wanted::addAll);
    wanted.add(spec.label().column());
    spec.weight().ifPresent(wanted::add);
    return finder.inOrder(wanted);
  }

  private Map<String, String> types(List<List<String>> names) {
    Map<String, String> types = new LinkedHashMap<>();
    for (List<String> columns : names) {
      columns.forEach(column -> types.put(column, finder.typeName(column)));
    }
    return types;
  }

  private static String place(InputSpec input) {
    return "data.inputs." + input.name();
  }
}
