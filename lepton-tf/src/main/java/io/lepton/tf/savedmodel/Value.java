package io.lepton.tf.savedmodel;

import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.DataType;

/** What flows along an edge of a graph that is made flat. */
sealed interface Value {
  /** An output of a flat node. */
  record Tensor(String node, int index) implements Value {
    /** That of {@code node:index}, as GraphDefs name it. */
    static Tensor parse(String name) {
      int colon = name.lastIndexOf(':');
      return colon < 0
          ? new Tensor(name, 0)
          : new Tensor(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1)));
    }

    @Override
    public String toString() {
      return node + ":" + index;
    }
  }

  /** A variable, by the name of its node in the SavedModel. */
  record Handle(String variable) implements Value {}

  /**
   * A list of tensors, of a loop.
   *
   * @param items empty where nothing was written
   */
  record Items(List<Optional<Tensor>> items, DataType type) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }
}
