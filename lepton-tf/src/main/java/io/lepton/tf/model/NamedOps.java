package io.lepton.tf.model;

import java.util.Collection;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** Operations that others find by name: each gets exactly the name given. */
final class NamedOps {
  private final Graph graph;

  NamedOps(Graph graph) {
    this.graph = graph;
  }

  /** The operation that reads a variable. */
  static String read(String variable) {
    return variable + "/read";
  }

  /** The placeholder that a variable is assigned from. */
  static String feed(String variable) {
    return variable + "/feed";
  }

  /** The operation that assigns a variable. */
  static String assign(String variable) {
    return variable + "/assign";
  }

  Operation placeholder(String name, DataType type, long... shape) {
    return builder("Placeholder", name)
        .setAttr("dtype", type)
        .setAttr("shape", Shape.of(shape))
        .build();
  }

  /** A resource variable; each session has its own. */
  Operation variable(String name, DataType type, long... shape) {
    return builder("VarHandleOp", name)
        .setAttr("dtype", type)
        .setAttr("shape", Shape.of(shape))
        .setAttr("shared_name", name)
        .build();
  }

  /** What the variable holds when the operation runs, without a copy. */
  Operation read(Operation variable, DataType type) {
    return builder("ReadVariableOp", read(variable.name()))
        .setAttr("dtype", type)
        .addInput(variable.output(0))
        .build();
  }

  /** Makes a variable hold a value, without a copy. */
  Operation assign(Operation variable, DataType type, Operand<?> value) {
    return builder("AssignVariableOp", assign(variable.name()))
        .setAttr("dtype", type)
        .addInput(variable.output(0))
        .addInput(value.asOutput())
        .build();
  }

  /** Makes a variable hold what its own placeholder is fed. */
  Operation assignFeed(Operation variable, DataType type, long... shape) {
    Operation feed = placeholder(feed(variable.name()), type, shape);
    return assign(variable, type, feed.output(0));
  }

  /** Takes a variable's value from it, if it has one, after another operation. */
  Operation drop(Operation variable, Operation after) {
    return builder("DestroyResourceOp", variable.name() + "/drop")
        .setAttr("ignore_lookup_error", true)
        .addInput(variable.output(0))
        .addControlInput(after)
        .build();
  }

  /** Does nothing after all of the others. */
  Operation group(String name, Collection<Operation> others) {
    OperationBuilder builder = builder("NoOp", name);
    others.forEach(builder::addControlInput);
    return builder.build();
  }

  /** Passes a value on after all of the others. */
  Operation identity(String name, Operand<?> value, List<Operation> others) {
    OperationBuilder builder = builder("Identity", name).addInput(value.asOutput());
    others.forEach(builder::addControlInput);
    return builder.build();
  }

  private OperationBuilder builder(String type, String name) {
    return graph.opBuilder(type, name, graph.baseScope());
  }
}
