package io.lepton.tf;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** The prefix of the files that a graph saves variables to, or restores them from. */
public final class FilePrefix {
  private FilePrefix() {}

  /**
   * The graph with the prefix as a constant instead of a placeholder.
   *
   * @param placeholder name of its operation
   */
  public static GraphDef set(GraphDef graph, String placeholder, Path prefix) {
    TensorProto value =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addStringVal(ByteString.copyFromUtf8(prefix.toString()))
            .build();
    GraphDef.Builder set = graph.toBuilder();
    for (NodeDef.Builder node : set.getNodeBuilderList()) {
      if (node.getName().equals(placeholder) && node.getOp().equals("Placeholder")) {
        node.setOp("Const")
            .clearAttr()
            .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_STRING).build())
            .putAttr("value", AttrValue.newBuilder().setTensor(value).build());
      }
    }
    return set.build();
  }
}
