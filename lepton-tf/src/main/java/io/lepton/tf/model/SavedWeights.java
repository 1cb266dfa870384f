package io.lepton.tf.model;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Reads the weights that {@link SavedModelWriter} wrote. */
public final class SavedWeights {
  private SavedWeights() {}

  /**
   * Reads all of them.
   *
   * @param directory of the SavedModel
   * @return weights and state by name
   * @throws IOException if it is not one of Lepton's, or cannot be read
   */
  public static Map<String, WeightValue> read(Path directory) throws IOException {
    Map<String, List<Integer>> shapes = shapes(directory);
    List<String> names = List.copyOf(shapes.keySet());
    Path prefix = directory.resolve("variables").resolve("variables").toAbsolutePath();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      String[] whole = new String[names.size()];
      Arrays.fill(whole, "");
      List<Class<? extends TType>> types = new ArrayList<>();
      names.forEach(name -> types.add(TFloat32.class));
      Restore restore =
          tf.train.restore(
              tf.constant(prefix.toString()),
              tf.array(names.toArray(String[]::new)),
              tf.array(whole),
              types);
      try (Session session = new Session(graph)) {
        Session.Runner runner = session.runner();
        restore.tensors().forEach(runner::fetch);
        try (Result result = runner.run()) {
          Map<String, WeightValue> weights = new TreeMap<>();
          for (int i = 0; i < names.size(); i++) {
            List<Integer> shape = shapes.get(names.get(i));
            weights.put(names.get(i), value((TFloat32) result.get(i), shape));
          }
          return weights;
        }
      }
    } catch (TensorFlowException e) {
      throw new IOException("weights could not be read from " + prefix + ": " + e.getMessage(), e);
    }
  }

  private static WeightValue value(TFloat32 tensor, List<Integer> shape) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.copyTo(DataBuffers.of(values));
    return new WeightValue(shape, FloatBuffer.wrap(values));
  }

  private static Map<String, List<Integer>> shapes(Path directory) throws IOException {
    Path file = directory.resolve("saved_model.pb");
    Map<String, List<Integer>> shapes = new TreeMap<>();
    for (NodeDef node :
        SavedModel.parseFrom(Files.readAllBytes(file))
            .getMetaGraphs(0)
            .getGraphDef()
            .getNodeList()) {
      if (node.getOp().equals("VarHandleOp")) {
        TensorShapeProto shape = node.getAttrOrThrow("shape").getShape();
        shapes.put(
            node.getName(), shape.getDimList().stream().map(dim -> (int) dim.getSize()).toList());
      }
    }
    return shapes;
  }
}
