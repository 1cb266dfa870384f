package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which layer takes what of which, and the shapes in between, followed from the inputs. Where a
 * shape is not known, or a layer breaks a rule, nothing is said of what comes out of it.
 */
public final class Wiring {
  private final List<Source> sources;
  private final List<Node> layers;
  private final Map<String, Optional<List<Integer>>> shapes = new LinkedHashMap<>();
  private final List<List<String>> inputs = new ArrayList<>();
  private final List<LayerProblem> problems = new ArrayList<>();

  private Wiring(List<Source> sources, List<Node> layers) {
    this.sources = List.copyOf(sources);
    this.layers = List.copyOf(layers);
  }

  /**
   * Follows the layers.
   *
   * @param outputs names that a loss sees, of layers or inputs; empty names for the last layer
   */
  public static Wiring of(List<Source> sources, List<Node> layers, List<String> outputs) {
    Wiring wiring = new Wiring(sources, layers);
    sources.forEach(source -> wiring.shapes.put(source.name(), source.shape()));
    for (int i = 0; i < layers.size(); i++) {
      wiring.add(i);
    }
    wiring.refuseUnused(outputs);
    return wiring;
  }

  /** All rules that are broken, in the order of the layers. */
  public List<LayerProblem> problems() {
    return List.copyOf(problems);
  }

  /**
   * The shape that comes out of a layer or an input.
   *
   * @param output its name; empty for the last layer
   */
  public Optional<List<Integer>> shape(String output) {
    return shapes.getOrDefault(nameOf(output), Optional.empty());
  }

  /** Names of what a layer takes. */
  List<String> inputs(int layer) {
    return inputs.get(layer);
  }

  List<String> layerNames() {
    return shapes.keySet().stream().filter(name -> indexOf(name) >= 0).toList();
  }

  /** The position of a layer, −1 for an input. */
  int indexOf(String name) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).nameAt(i).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The name that an output's name stands for. */
  String nameOf(String output) {
    int last = layers.size() - 1;
    return output.isEmpty() && last >= 0 ? layers.get(last).nameAt(last) : output;
  }

  private void add(int index) {
    Node node = layers.get(index);
    String name = node.nameAt(index);
    List<String> from = from(index);
    inputs.add(from);
    Optional<List<Integer>> shape =
        shapes.keySet().containsAll(from) ? follow(index) : refuseUnknown(from, index);
    if (shapes.containsKey(name)) {
      refuse(
          index,
          "is called '%s', as another layer or an input is".formatted(name),
          "give it a name of its own");
    } else {
      shapes.put(name, shape);
    }
  }

  private List<String> from(int index) {
    if (!layers.get(index).inputs().isEmpty()) {
      return layers.get(index).inputs();
    }
    if (index > 0) {
      return List.of(layers.get(index - 1).nameAt(index - 1));
    }
    if (sources.size() > 1) {
      refuse(
          index,
          "must name its inputs, as the model has several: " + String.join(", ", shapes.keySet()),
          "write inputs = [%s]".formatted(sources.get(0).name()));
    }
    return sources.size() == 1 ? List.of(sources.get(0).name()) : List.of();
  }

  private Optional<List<Integer>> refuseUnknown(List<String> from, int index) {
    for (String name : from) {
      if (!shapes.containsKey(name)) {
        refuse(
            index,
            "takes '%s', which is no earlier layer and no input".formatted(name),
            Nearest.tell(name, shapes.keySet()));
      }
    }
    return Optional.empty();
  }

  private Optional<List<Integer>> follow(int index) {
    Layer layer = layers.get(index).layer();
    List<String> from = inputs.get(index);
    if (from.isEmpty()) {
      return Optional.empty();
    }
    if (!layer.arity().allows(from.size())) {
      refuse(
          index,
          "%s takes %s, but was given %s".formatted(layer.kind(), layer.arity(), from),
          "name as many in its inputs");
      return Optional.empty();
    }
    for (int i = 0; i < from.size(); i++) {
      if (layer.takesIds(i) && !isIds(from.get(i))) {
        refuse(
            index,
            "%s takes ids, but was given '%s'".formatted(layer.kind(), from.get(i)),
            "name an input of integers without transforms in its inputs");
        return Optional.empty();
      }
    }
    List<List<Integer>> known = from.stream().map(shapes::get).flatMap(Optional::stream).toList();
    return known.size() == from.size() ? shape(index, layer, known) : Optional.empty();
  }

  private Optional<List<Integer>> shape(int index, Layer layer, List<List<Integer>> known) {
    try {
      return Optional.of(layer.outputShape(known));
    } catch (IllegalArgumentException e) {
      String[] words = e.getMessage().split("; ", 2);
      refuse(index, words[0], words.length > 1 ? words[1] : "change its options");
      return Optional.empty();
    }
  }

  private boolean isIds(String name) {
    return sources.stream().anyMatch(source -> source.name().equals(name) && source.ids());
  }

  private void refuseUnused(List<String> outputs) {
    Set<String> used = new HashSet<>();
    inputs.forEach(used::addAll);
    outputs.forEach(output -> used.add(nameOf(output)));
    for (int i = 0; i < layers.size(); i++) {
      if (!used.contains(layers.get(i).nameAt(i))) {
        refuse(
            i,
            "gives '%s', which no layer takes and no loss sees".formatted(layers.get(i).nameAt(i)),
            "name it in another layer's inputs, or remove it");
      }
    }
  }

  private void refuse(int index, String rule, String mend) {
    problems.add(new LayerProblem(index, rule, mend));
  }
}
