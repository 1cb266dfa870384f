package io.lepton.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;

/** A vector as its size and its bytes, straight out of and into memory outside the heap. */
final class FlatVectorSerializer extends Serializer<FlatVector> {
  @Override
  public void write(Kryo kryo, Output output, FlatVector vector) {
    output.writeInt(vector.size());
    ByteBuffer bytes = vector.bytes();
    byte[] buffer = new byte[1 << 16];
    while (bytes.hasRemaining()) {
      int count = Math.min(buffer.length, bytes.remaining());
      bytes.get(buffer, 0, count);
      output.writeBytes(buffer, 0, count);
    }
  }

  @Override
  public FlatVector read(Kryo kryo, Input input, Class<FlatVector> type) {
    FlatVector vector = FlatVector.allocate(input.readInt());
    ByteBuffer bytes = vector.bytes();
    byte[] buffer = new byte[1 << 16];
    while (bytes.hasRemaining()) {
      int count = Math.min(buffer.length, bytes.remaining());
      input.readBytes(buffer, 0, count);
      bytes.put(buffer, 0, count);
    }
    return vector;
  }
}
