package io.lepton.spark.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockManager;

/** Asks for slices where they are. */
final class SliceRequest {
  private SliceRequest() {}

  /** What will come, or fail; if it is cancelled, whatever comes is freed. */
  static CompletableFuture<ArrivedSlice> send(Address.Slice slice) {
    return send(slice.address(), List.of(slice)).get(0);
  }

  /**
   * The same for slices of one address, each of which is there once. They are asked for in one
   * message, so one that is not there fails all.
   */
  static List<CompletableFuture<ArrivedSlice>> send(Address address, List<Address.Slice> slices) {
    BlockManager store = SparkEnv.get().blockManager();
    List<CompletableFuture<ArrivedSlice>> arrivals =
        slices.stream().map(slice -> new CompletableFuture<ArrivedSlice>()).toList();
    if (slices.get(0).isHere()) {
      for (int i = 0; i < slices.size(); i++) {
        read(store, slices.get(i), arrivals.get(i));
      }
      return arrivals;
    }
    Map<String, CompletableFuture<ArrivedSlice>> byName = new HashMap<>();
    for (int i = 0; i < slices.size(); i++) {
      byName.put(slices.get(i).block().name(), arrivals.get(i));
    }
    store
        .blockTransferService()
        .fetchBlocks(
            address.host(),
            address.port(),
            address.executor(),
            slices.stream().map(slice -> slice.block().name()).toArray(String[]::new),
            new Arrivals(byName),
            null);
    return arrivals;
  }

  /** Spark throws checked exceptions here that it does not declare. */
  private static void read(
      BlockManager store, Address.Slice slice, CompletableFuture<ArrivedSlice> arrival) {
    try {
      ManagedBuffer block = store.getLocalBlockData(slice.block());
      ByteBuffer bytes = block.nioByteBuffer();
      arrival.complete(new ArrivedSlice(Unpooled.wrappedBuffer(bytes), () -> block.release()));
    } catch (Exception e) {
      arrival.completeExceptionally(e);
    }
  }

  /** Keeps the bytes as Netty received them, or lets them go if nobody waits any more. */
  private record Arrivals(Map<String, CompletableFuture<ArrivedSlice>> byName)
      implements BlockFetchingListener {
    @Override
    public void onBlockFetchSuccess(String block, ManagedBuffer data) {
      CompletableFuture<ArrivedSlice> arrival = byName.get(block);
      try {
        ByteBuf bytes = (ByteBuf) data.convertToNetty();
        if (!arrival.complete(new ArrivedSlice(bytes, bytes::release))) {
          bytes.release();
        }
      } catch (IOException e) {
        arrival.completeExceptionally(e);
      }
    }

    @Override
    public void onBlockFetchFailure(String block, Throwable failure) {
      byName.get(block).completeExceptionally(failure);
    }
  }
}
