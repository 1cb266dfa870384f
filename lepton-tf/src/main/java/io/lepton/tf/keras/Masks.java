package io.lepton.tf.keras;

import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The masks that Keras gives on beside outputs, and as operations of a Functional model. All are of
 * ids that are padding; where a layer looks at one, it becomes a node and an input.
 */
final class Masks {
  private final Map<String, Mask> ofOutputs = new HashMap<>();

  /**
   * Outputs whose masked steps have values that are not Keras's, so that no layer may look there.
   */
  private final Map<String, Mask> open = new HashMap<>();

  private final Map<String, Mask> ofOperations = new HashMap<>();
  private final Set<String> placed = new HashSet<>();
  private final Consumer<Node> place;

  /**
   * No masks so far.
   *
   * @param place takes nodes that give masks, each before the layers that take it
   */
  Masks(Consumer<Node> place) {
    this.place = place;
  }

  /**
   * Steps whose id is another one than a value.
   *
   * @param ids name of the input they are
   */
  private record Mask(String ids, int value) {
    Node node() {
      return new Node(
          "%s.not-equal-%d".formatted(ids, value), new IdLayer.NotEqual(value), List.of(ids));
    }
  }

  /**
   * Follows an operation on tensors.
   *
   * @throws IllegalArgumentException if its result is no mask of ids
   */
  void operation(String name, String className, Histories.Operation call) {
    List<Mask> masks =
        call.inputs().stream().map(ofOperations::get).filter(Objects::nonNull).toList();
    if (className.equals("NotEqual") && call.numbers().size() == 1 && call.inputs().size() == 1) {
      ofOperations.put(name, new Mask(call.inputs().get(0), call.numbers().get(0)));
    } else if (className.equals("LogicalOr") && masks.size() == 2) {
      requireSame(masks);
      ofOperations.put(name, masks.get(0));
    } else {
      throw new IllegalArgumentException(
          "must be a layer of keras.layers, but is an operation on tensors");
    }
  }

  /**
   * Follows a layer.
   *
   * @return what its node takes: its inputs, and the mask that it looks at
   * @throws IllegalArgumentException if it does with masks what Lepton's layers do not
   */
  List<String> layer(String name, Masking masking, LayerCall call) {
    call.inputs().stream()
        .filter(ofOperations::containsKey)
        .forEach(
            input -> {
              throw new IllegalArgumentException(
                  "must take outputs of layers, but takes the mask '%s'".formatted(input));
            });
    Optional<Mask> own = call.inputs().stream().findFirst().map(ofOutputs::get);
    Optional<Mask> mask = call.mask().isPresent() ? explicit(call) : own;
    switch (masking) {
      case DROPS -> requireClosed(call.inputs(), Optional.empty());
      case KEEPS -> keep(name, call, own);
      case MAKES -> ofOutputs.put(name, new Mask(call.inputs().get(0), 0));
      case READS -> {
        requireClosed(call.inputs(), mask);
        return with(call.inputs(), mask);
      }
      case READS_AND_KEEPS -> {
        requireClosed(call.inputs(), mask);
        own.ifPresent(it -> ofOutputs.put(name, it));
        return with(call.inputs(), mask);
      }
      case ATTENDS -> {
        return attends(name, call);
      }
      case MERGES -> keep(name, call, merged(call));
      case REFUSES -> refuse(call, mask);
    }
    return call.inputs();
  }

  /**
   * Checks what a model inside the model takes.
   *
   * @throws IllegalArgumentException if the mask is not the one that its input has
   */
  void model(LayerCall call) {
    Optional<Mask> own = call.inputs().stream().findFirst().map(ofOutputs::get);
    if (call.mask().isPresent() && !own.equals(explicit(call))) {
      throw new IllegalArgumentException(
          "must be called with the mask of its input, but was given '%s'"
              .formatted(call.mask().get()));
    }
  }

  /**
   * Checks what a loss sees.
   *
   * @throws IllegalArgumentException if some of it is not what Keras computes
   */
  void output(String name) {
    requireClosed(List.of(name), Optional.empty());
  }

  private List<String> attends(String name, LayerCall call) {
    List<String> inputs = call.inputs();
    if (inputs.size() < 2 || (inputs.size() == 3 && !inputs.get(1).equals(inputs.get(2)))) {
      throw new IllegalArgumentException(
          "must be called with a query and a value that is the key too, but was with: " + inputs);
    }
    boolean self = inputs.get(0).equals(inputs.get(1));
    Optional<Mask> looking = Optional.ofNullable(ofOutputs.get(inputs.get(0)));
    Optional<Mask> seen = Optional.ofNullable(ofOutputs.get(inputs.get(1)));
    if (call.causal() && seen.isPresent() && !self) {
      throw new IllegalArgumentException(
          "must look at itself if it is causal and has a mask, but looks at '%s'"
              .formatted(inputs.get(1)));
    }
    requireClosed(inputs.subList(0, 1), looking);
    requireClosed(inputs.subList(1, 2), seen);
    // As in Keras, what attention takes has no mask for the layers after it.
    inputs.forEach(ofOutputs::remove);
    looking.ifPresent(
        mask -> {
          ofOutputs.put(name, mask);
          open.put(name, mask);
        });
    return with(self ? inputs.subList(0, 1) : inputs.subList(0, 2), seen);
  }

  private void keep(String name, LayerCall call, Optional<Mask> mask) {
    mask.ifPresent(it -> ofOutputs.put(name, it));
    List<Mask> all = call.inputs().stream().map(open::get).filter(Objects::nonNull).toList();
    if (!all.isEmpty()) {
      requireSame(all);
      open.put(name, all.get(0));
    }
  }

  private Optional<Mask> merged(LayerCall call) {
    List<Mask> all = call.inputs().stream().map(ofOutputs::get).filter(Objects::nonNull).toList();
    if (all.size() < call.inputs().size()) {
      return Optional.empty();
    }
    requireSame(all);
    return Optional.of(all.get(0));
  }

  private List<String> with(List<String> inputs, Optional<Mask> mask) {
    List<String> more = new ArrayList<>(inputs);
    mask.map(Mask::node)
        .ifPresent(
            node -> {
              if (placed.add(node.name())) {
                place.accept(node);
              }
              more.add(node.name());
            });
    return more;
  }

  private Optional<Mask> explicit(LayerCall call) {
    Optional<Mask> mask = call.mask().map(ofOperations::get);
    if (mask.isEmpty()) {
      throw new IllegalArgumentException(
          "must be called with a mask of ids, but was with: " + call.mask().orElseThrow());
    }
    return mask;
  }

  private static void requireSame(List<Mask> masks) {
    if (masks.stream().distinct().count() > 1) {
      throw new IllegalArgumentException(
          "must merge sequences of one mask, but was given those of "
              + masks.stream().map(mask -> mask.node().name()).toList());
    }
  }

  /** Refuses inputs some of whose steps may not be looked at, but those that a mask leaves out. */
  private void requireClosed(List<String> inputs, Optional<Mask> mask) {
    for (String input : inputs) {
      if (open.containsKey(input) && !mask.equals(Optional.of(open.get(input)))) {
        throw new IllegalArgumentException(
            "must not look at masked steps that come out of attention, as Keras gives them other values; put a layer before it that leaves them out, such as GlobalAveragePooling1D");
      }
    }
  }

  private void refuse(LayerCall call, Optional<Mask> mask) {
    List<Mask> all = call.inputs().stream().map(ofOutputs::get).filter(Objects::nonNull).toList();
    Stream.concat(mask.stream(), all.stream())
        .findFirst()
        .ifPresent(
            it -> {
              throw new IllegalArgumentException(
                  "must have no mask, as Lepton's does not look at one, but has that of '%s'"
                      .formatted(it.ids()));
            });
    requireClosed(call.inputs(), Optional.empty());
  }
}
