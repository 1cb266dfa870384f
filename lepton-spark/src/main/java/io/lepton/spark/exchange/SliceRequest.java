package io.lepton.spark.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    CompletableFuture<ArrivedSlice> arrival = new CompletableFuture<>();
    BlockManager store = SparkEnv.get().blockManager();
    if (slice.isHere()) {
      read(store, slice, arrival);
      return arrival;
    }
    Address address = slice.address();
    String[] blocks = {slice.block().name()};
    store
        .blockTransferService()
        .fetchBlocks(
            address.host(), address.port(), address.executor(), blocks, new Arrival(arrival), null);
    return arrival;
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
  private record Arrival(CompletableFuture<ArrivedSlice> arrival) implements BlockFetchingListener {
    @Override
    public void onBlockFetchSuccess(String block, ManagedBuffer data) {
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
      arrival.completeExceptionally(failure);
    }
  }
}
