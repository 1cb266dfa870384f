package io.lepton.tf.savedmodel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Makes a graph flat: calls give way to the nodes of the functions they call, loops of known length
 * to their trips, variables to placeholders. Works back from what is wanted, so that nothing else
 * is made.
 *
 * <p>Assignments are no nodes: they are known as what a variable holds afterwards, so that a read
 * behind one gives that value and all others give the placeholder.
 */
final class Inliner {
  private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");
  private static final Set<String> LOOPS = Set.of("While", "StatelessWhile");
  private static final Set<String> BRANCHES = Set.of("If", "StatelessIf");
  private static final Set<String> ASSIGNMENTS =
      Set.of("AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp");

  /** As if they were not there. A custom gradient's function is differentiated plainly. */
  private static final Set<String> TRANSPARENT =
      Set.of("Identity", "IdentityN", "EnsureShape", "PreventGradient", "CheckNumerics");

  /** Constant almost everywhere, without a gradient in TensorFlow's C++ library. */
  private static final Set<String> FLAT =
      Set.of(
          "ArgMax",
          "ArgMin",
          "OnesLike",
          "Ceil",
          "Round",
          "Rint",
          "IsNan",
          "IsInf",
          "IsFinite",
          "Any",
          "All");

  private final FlatNodes nodes;
  private final KnownIntegers known;
  private final ListOperations lists;
  private final Map<String, FunctionDef> functions = new HashMap<>();
  private final Map<String, List<Integer>> inputShapes;
  private final Map<String, String> aliases;
  private final Frame outer;
  private final Map<String, Value.Tensor> variables = new LinkedHashMap<>();
  private final Map<String, Assignment> assignments = new HashMap<>();
  private final Map<String, Boolean> writes = new HashMap<>();
  private final Set<String> custom = new TreeSet<>();

  /** What a variable holds after an assignment. */
  private record Assignment(String variable, Value.Tensor value) {}

  /**
   * An inliner of a graph.
   *
   * @param inputShapes of one example, of placeholders that get another shape than they have
   * @param aliases variables that are read, to those that stand for them
   */
  Inliner(
      GraphDef graph,
      FlatNodes nodes,
      Map<String, List<Integer>> inputShapes,
      Map<String, String> aliases) {
    this.nodes = nodes;
    this.known = new KnownIntegers(nodes);
    this.lists = new ListOperations(nodes, known);
    this.inputShapes = inputShapes;
    this.aliases = aliases;
    this.outer = Frame.outer(graph.getNodeList());
    graph
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.put(function.getSignature().getName(), function));
  }

  /** Makes a tensor of the outer graph. */
  Value.Tensor tensor(String name) {
    Value value = values(outer, name).get(0);
    if (value instanceof Value.Tensor tensor) {
      return tensor;
    }
    throw new ImportException(
        "an output must be a tensor, but %s is none; name another output".formatted(name));
  }

  /** Makes all assignments that a node of the outer graph leads to; the last of each variable. */
  Map<String, Value.Tensor> assignments(String node) {
    Map<String, Value.Tensor> last = new LinkedHashMap<>();
    follow(outer, node).forEach(made -> last.put(made.variable(), made.value()));
    return last;
  }

  /** Placeholders of variables that were read, by the variable's node. */
  Map<String, Value.Tensor> variables() {
    return variables;
  }

  /** Layers whose own gradients were dropped. */
  Set<String> customGradients() {
    return custom;
  }

  // ---- names

  private List<Value> values(Frame frame, String reference) {
    String[] parts = reference.split(":", -1);
    if (frame.isArgument(parts[0])) {
      List<Value> argument = frame.argument(parts[0]);
      return parts.length == 1
          ? argument
          : List.of(argument.get(Integer.parseInt(parts[parts.length - 1])));
    }
    Frame.Made made = make(frame, parts[0]);
    if (parts.length == 3) {
      int start = made.ranges().get(parts[1]).start();
      return List.of(made.outputs().get(start + Integer.parseInt(parts[2])));
    }
    return List.of(made.outputs().get(parts.length == 2 ? Integer.parseInt(parts[1]) : 0));
  }

  private Frame.Made make(Frame frame, String name) {
    Frame.Made before = frame.made(name);
    if (before != null) {
      return before;
    }
    NodeDef node =
        frame
            .find(name)
            .orElseThrow(
                () ->
                    new ImportException(
                        "a graph must hold what it refers to, but has no node %s; export the model again"
                            .formatted(name)));
    frame.begin(name);
    return frame.finish(name, build(frame, frame.bind(node)));
  }

  // ---- nodes

  private Frame.Made build(Frame frame, NodeDef node) {
    String op = node.getOp();
    if (op.equals("VarHandleOp")) {
      String name = frame.flatName(node);
      return made(node, List.of(new Value.Handle(aliases.getOrDefault(name, name))));
    }
    List<Value> inputs = new ArrayList<>();
    List<String> controls = new ArrayList<>();
    for (String input : node.getInputList()) {
      if (input.startsWith("^")) {
        controls.add(input.substring(1));
      } else {
        inputs.addAll(values(frame, input));
      }
    }
    if (isCall(node)) {
      return call(frame, node, inputs);
    }
    if (LOOPS.contains(op)) {
      return made(node, unroll(frame.flatName(node), node, inputs));
    }
    if (BRANCHES.contains(op)) {
      return made(node, branch(frame.flatName(node), node, inputs));
    }
    if (op.startsWith("TensorList") || op.equals("EmptyTensorList")) {
      return made(node, lists.apply(frame.flatName(node), node, inputs));
    }
    if (TRANSPARENT.contains(op)) {
      if (op.equals("IdentityN") && node.containsAttr("_gradient_op_type")) {
        custom.add(frame.flatName(node));
      }
      return made(node, inputs);
    }
    if (op.equals("ReadVariableOp")) {
      return made(node, List.of(read(frame, (Value.Handle) inputs.get(0), controls)));
    }
    if (ASSIGNMENTS.contains(op)) {
      assign(frame, node, inputs, controls);
      return made(node, List.of());
    }
    return made(node, plain(frame.flatName(node), node, inputs));
  }

  private static Frame.Made made(NodeDef node, List<Value> outputs) {
    OpDef definition = OpDefinitions.of(node.getOp());
    return new Frame.Made(
        List.copyOf(outputs),
        OpDefinitions.outputs(definition, node.getAttrMap()),
        Optional.empty());
  }

  private List<Value> plain(String name, NodeDef node, List<Value> inputs) {
    return switch (node.getOp()) {
      case "ResourceGather" -> List.of(gather(name, node, inputs));
      case "ResourceGatherNd" ->
          List.of(
              nodes.add(
                  name,
                  "GatherNd",
                  List.of(variable((Value.Handle) inputs.get(0)), (Value.Tensor) inputs.get(1)),
                  Map.of(
                      "Tparams",
                      node.getAttrOrThrow("dtype").getType(),
                      "Tindices",
                      node.getAttrOrThrow("Tindices").getType())));
      case "VariableShape" -> {
        Value.Tensor read = variable((Value.Handle) inputs.get(0));
        DataType type =
            node.getAttrOrDefault("out_type", Attributes.type(DataType.DT_INT32)).getType();
        yield List.of(
            nodes.add(
                name, "Shape", List.of(read), Map.of("T", nodes.type(read), "out_type", type)));
      }
      default -> copy(name, node, inputs);
    };
  }

  private Value.Tensor gather(String name, NodeDef node, List<Value> inputs) {
    int dimensions =
        (int) node.getAttrOrDefault("batch_dims", AttrValue.getDefaultInstance()).getI();
    Value.Tensor axis = nodes.constant(name + "/axis", dimensions);
    return nodes.add(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("GatherV2")
            .addInput(variable((Value.Handle) inputs.get(0)).toString())
            .addInput(inputs.get(1).toString())
            .addInput(axis.toString())
            .putAttr("Tparams", node.getAttrOrThrow("dtype"))
            .putAttr("Tindices", node.getAttrOrThrow("Tindices"))
            .putAttr("Taxis", Attributes.type(DataType.DT_INT32))
            .putAttr("batch_dims", Attributes.integer(dimensions))
            .build());
  }

  private List<Value> copy(String name, NodeDef node, List<Value> inputs) {
    NodeDef.Builder flat = NodeDef.newBuilder().setName(name).setOp(node.getOp());
    for (int i = 0; i < inputs.size(); i++) {
      if (!(inputs.get(i) instanceof Value.Tensor tensor)) {
        throw new ImportException(
            "variables and lists must be read in ways that are known, but %s is not, at %s; export the model without it"
                .formatted(node.getOp(), name));
      }
      flat.addInput(
          (FLAT.contains(node.getOp()) ? stop(name + "/stop_" + i, tensor) : tensor).toString());
    }
    OpDef definition = OpDefinitions.of(node.getOp());
    for (OpDef.AttrDef attribute : definition.getAttrList()) {
      if (attribute.getType().equals("func") || attribute.getType().equals("list(func)")) {
        throw new ImportException(
            "functions must be called in ways that are known, but %s is not, at %s; export the model without it"
                .formatted(node.getOp(), name));
      }
      if (node.containsAttr(attribute.getName())) {
        flat.putAttr(attribute.getName(), node.getAttrOrThrow(attribute.getName()));
      }
    }
    if (node.getOp().equals("Placeholder") && inputShapes.containsKey(name)) {
      TensorShapeProto shape = Attributes.batch(inputShapes.get(name));
      flat.putAttr("shape", Attributes.shape(shape));
    }
    nodes.add(flat.build());
    int count =
        OpDefinitions.outputs(definition, node.getAttrMap()).values().stream()
            .mapToInt(OpDefinitions.Range::length)
            .sum();
    List<Value> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outputs.add(new Value.Tensor(name, i));
    }
    return outputs;
  }

  private Value.Tensor stop(String name, Value.Tensor input) {
    return nodes.add(name, "StopGradient", List.of(input), Map.of("T", nodes.type(input)));
  }

  // ---- variables

  private Value.Tensor variable(Value.Handle handle) {
    return variables.computeIfAbsent(
        handle.variable(),
        name -> {
          NodeDef node = outer.find(name).orElseThrow();
          return nodes.placeholder(
              name, node.getAttrOrThrow("dtype").getType(), node.getAttrOrThrow("shape"));
        });
  }

  private Value.Tensor read(Frame frame, Value.Handle handle, List<String> controls) {
    Value.Tensor value = variable(handle);
    for (Assignment before : follow(frame, controls)) {
      if (before.variable().equals(handle.variable())) {
        value = before.value();
      }
    }
    return value;
  }

  private void assign(Frame frame, NodeDef node, List<Value> inputs, List<String> controls) {
    Value.Handle handle = (Value.Handle) inputs.get(0);
    Value.Tensor value = (Value.Tensor) inputs.get(1);
    if (!node.getOp().equals("AssignVariableOp")) {
      Value.Tensor before = read(frame, handle, controls);
      String op = node.getOp().equals("AssignAddVariableOp") ? "AddV2" : "Sub";
      value =
          nodes.add(
              frame.flatName(node), op, List.of(before, value), Map.of("T", nodes.type(before)));
    }
    assignments.put(frame.flatName(node), new Assignment(handle.variable(), value));
  }

  // ---- what control edges lead to

  private List<Assignment> follow(Frame frame, List<String> controls) {
    Set<Assignment> found = new LinkedHashSet<>();
    controls.forEach(control -> found.addAll(follow(frame, control)));
    return List.copyOf(found);
  }

  private List<Assignment> follow(Frame frame, String name) {
    Optional<NodeDef> found = frame.find(name);
    if (found.isEmpty()) {
      return List.of();
    }
    NodeDef node = frame.bind(found.get());
    List<String> controls =
        node.getInputList().stream()
            .filter(input -> input.startsWith("^"))
            .map(input -> input.substring(1))
            .toList();
    if (node.getOp().equals("NoOp") || node.getOp().equals("Identity")) {
      return follow(frame, controls);
    }
    if (ASSIGNMENTS.contains(node.getOp())) {
      make(frame, name);
      List<Assignment> all = new ArrayList<>(follow(frame, controls));
      all.add(assignments.get(frame.flatName(node)));
      return all;
    }
    if (isCall(node) && writes(function(node).getSignature().getName())) {
      Frame body = make(frame, name).body().orElseThrow();
      return follow(body, List.copyOf(body.function().getControlRetMap().values()));
    }
    return List.of();
  }

  private boolean writes(String name) {
    Boolean before = writes.putIfAbsent(name, false);
    if (before != null) {
      return before;
    }
    boolean does =
        functions.get(name).getNodeDefList().stream()
            .anyMatch(
                node ->
                    ASSIGNMENTS.contains(node.getOp())
                        || (isCall(node) && writes(function(node).getSignature().getName())));
    writes.put(name, does);
    return does;
  }

  // ---- functions

  private boolean isCall(NodeDef node) {
    return CALLS.contains(node.getOp()) || functions.containsKey(node.getOp());
  }

  private FunctionDef function(NodeDef call) {
    return functions.containsKey(call.getOp())
        ? functions.get(call.getOp())
        : function(call.getAttrOrThrow("f").getFunc());
  }

  private FunctionDef function(NameAttrList name) {
    FunctionDef function = functions.get(name.getName());
    if (function == null) {
      throw new ImportException(
          "a SavedModel must hold the functions it calls, but has no %s; export the model again"
              .formatted(name.getName()));
    }
    return function;
  }

  private Frame.Made call(Frame frame, NodeDef node, List<Value> inputs) {
    FunctionDef function = function(node);
    boolean direct = functions.containsKey(node.getOp());
    Frame body =
        Frame.call(
            frame.flatName(node) + "/",
            function,
            inputs,
            direct ? node.getAttrMap() : node.getAttrOrThrow("f").getFunc().getAttrMap());
    OpDef outputs = direct ? function.getSignature() : OpDefinitions.of(node.getOp());
    return new Frame.Made(
        returned(body), OpDefinitions.outputs(outputs, node.getAttrMap()), Optional.of(body));
  }

  private List<Value> returned(Frame body) {
    List<Value> values = new ArrayList<>();
    for (OpDef.ArgDef output : body.function().getSignature().getOutputArgList()) {
      values.addAll(values(body, body.function().getRetOrThrow(output.getName())));
    }
    return values;
  }

  private List<Value> run(String prefix, NodeDef node, String attribute, List<Value> inputs) {
    FunctionDef function = function(node.getAttrOrThrow(attribute).getFunc());
    return returned(Frame.call(prefix, function, inputs, Map.of()));
  }

  // ---- loops and branches

  private List<Value> unroll(String name, NodeDef node, List<Value> inputs) {
    List<Value> values = inputs;
    for (int trip = 0; ; trip++) {
      String prefix = name + "/trip_" + trip + "/";
      values = withKnownCounters(prefix, values);
      Optional<Long> goesOn = known.scalar(run(prefix + "condition/", node, "cond", values).get(0));
      if (goesOn.isEmpty()) {
        throw new ImportException(
            "a loop's length must be known, but that of %s is not; give the input's shape with a length"
                .formatted(name));
      }
      if (goesOn.get() == 0) {
        return values;
      }
      values = run(prefix, node, "body", values);
    }
  }

  private List<Value> withKnownCounters(String prefix, List<Value> values) {
    List<Value> all = new ArrayList<>(values);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof Value.Tensor tensor
          && nodes.type(tensor) == DataType.DT_INT32
          && !nodes.node(tensor.node()).getOp().equals("Const")) {
        Optional<Long> value = known.scalar(tensor);
        if (value.isPresent()) {
          all.set(i, nodes.constant(prefix + "counter_" + i, Math.toIntExact(value.get())));
        }
      }
    }
    return all;
  }

  // Both are computed where the data decides.
  private List<Value> branch(String name, NodeDef node, List<Value> inputs) {
    Value predicate = inputs.get(0);
    List<Value> rest = inputs.subList(1, inputs.size());
    Optional<Long> taken = known.scalar(predicate);
    if (taken.isPresent()) {
      return run(name + "/", node, taken.get() != 0 ? "then_branch" : "else_branch", rest);
    }
    List<Value> then = run(name + "/then/", node, "then_branch", rest);
    List<Value> otherwise = run(name + "/else/", node, "else_branch", rest);
    List<Value> chosen = new ArrayList<>();
    for (int i = 0; i < then.size(); i++) {
      Value.Tensor one = (Value.Tensor) then.get(i);
      chosen.add(
          nodes.add(
              name + "/select_" + i,
              "SelectV2",
              List.of((Value.Tensor) predicate, one, (Value.Tensor) otherwise.get(i)),
              Map.of("T", nodes.type(one))));
    }
    return chosen;
  }
}
