package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.Jobs;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaRDD;

/**
 * The floor of a round: parameters written to a socket of each executor, its delta read from the
 * socket and added piece by piece, each in buffers made before.
 */
final class RawTcp implements AutoCloseable {
  private static final int PIECE = 1 << 17;

  private final int executors;
  private final ServerSocketChannel server;
  private final ExecutorService threads;

  RawTcp(int executors) throws IOException {
    this.executors = executors;
    this.server =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.threads = Executors.newFixedThreadPool(executors);
  }

  /** One round; deltas are added to {@code sum}. */
  void round(JavaRDD<Integer> rdd, FlatVector parameters, FlatVector sum) {
    List<Future<?>> served = new ArrayList<>();
    for (int i = 0; i < executors; i++) {
      served.add(threads.submit(() -> serve(parameters, sum)));
    }
    int size = (int) parameters.size();
    int port = server.socket().getLocalPort();
    Jobs.run(rdd, List.of(0, 1), (context, none) -> exchange(port, size), (place, done) -> {});
    try {
      for (Future<?> one : served) {
        one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    threads.shutdown();
    server.close();
  }

  private void serve(FlatVector parameters, FlatVector sum) {
    try (SocketChannel channel = server.accept()) {
      write(channel, parameters.bytes());
      ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.nativeOrder());
      FloatBuffer floats = piece.asFloatBuffer();
      FloatBuffer to = sum.floats();
      for (int at = 0; at < to.limit(); at += PIECE / Float.BYTES) {
        int count = Math.min(PIECE / Float.BYTES, to.limit() - at);
        read(channel, piece.clear().limit(count * Float.BYTES));
        synchronized (sum) {
          for (int i = 0; i < count; i++) {
            to.put(at + i, to.get(at + i) + floats.get(i));
          }
        }
      }
      write(channel, ByteBuffer.allocate(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean exchange(int port, int size) {
    try (SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      read(channel, ExecutorVectors.received(size).bytes());
      write(channel, ExecutorVectors.delta(size).bytes());
      read(channel, ByteBuffer.allocate(1));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException();
      }
    }
  }

  private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
