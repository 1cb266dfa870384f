package io.lepton.tf.model;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.tensorflow.Graph;

/** Protocol buffers as bytes that depend on their contents only. */
final class GraphBytes {
  private GraphBytes() {}

  static byte[] of(Graph graph) {
    return of(graph.toGraphDef());
  }

  /** Maps are written in the order of their keys. */
  static byte[] of(MessageLite message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes as many bytes as it has", e);
    }
    return bytes;
  }
}
