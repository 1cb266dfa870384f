package io.lepton.tf.savedmodel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;

/**
 * The order that a saved object has its variables in.
 *
 * @param lists names of variables, the list called {@code trainable_variables} first
 */
record VariableOrder(Checkpoint checkpoint, List<List<String>> lists) {
  private static final String PREFERRED = "trainable_variables";

  static VariableOrder of(SavedObjectGraph objects, Checkpoint checkpoint) {
    List<List<String>> lists = new ArrayList<>();
    for (SavedObject object : objects.getNodesList()) {
      for (var child : object.getChildrenList()) {
        list(objects, objects.getNodes(child.getNodeId()))
            .ifPresent(
                names ->
                    lists.add(child.getLocalName().equals(PREFERRED) ? 0 : lists.size(), names));
      }
    }
    return new VariableOrder(checkpoint, lists);
  }

  /** Variables in the order of the first list that holds just them; as they are without one. */
  List<String> sort(List<String> variables) {
    List<String> names = variables.stream().map(this::name).toList();
    return lists.stream()
        .filter(list -> list.size() == names.size())
        .filter(list -> new HashSet<>(list).equals(new HashSet<>(names)))
        .filter(list -> new HashSet<>(list).size() == list.size())
        .findFirst()
        .map(
            list ->
                variables.stream()
                    .sorted(Comparator.comparingInt(variable -> list.indexOf(name(variable))))
                    .toList())
        .orElse(variables);
  }

  private String name(String variable) {
    return checkpoint.find(variable).map(SavedVariable::getName).orElse(variable);
  }

  private static Optional<List<String>> list(SavedObjectGraph objects, SavedObject object) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < object.getChildrenCount(); i++) {
      SavedObject child = objects.getNodes(object.getChildren(i).getNodeId());
      if (!object.getChildren(i).getLocalName().equals(String.valueOf(i)) || !child.hasVariable()) {
        return Optional.empty();
      }
      names.add(child.getVariable().getName());
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }
}
