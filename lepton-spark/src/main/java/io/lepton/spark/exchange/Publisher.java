package io.lepton.spark.exchange;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.SparkEnv;
import org.apache.spark.memory.MemoryManager;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockInfo;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/** Publishes bytes of this process for others to fetch. Any thread. */
public final class Publisher {
  /** Bytes of the largest slice: below what Netty would gather into one piece by copying. */
  public static final int SLICE = 4 << 20;

  private static final int USUAL = 2 << 20;
  private static final int SMALLEST = 256 << 10;
  private static final int STEP = 64 << 10;
  private static final int AT_LEAST = 8;

  private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_]+");

  private Publisher() {}

  /**
   * Bytes of the slices of a vector that goes to few processes: small enough that some are on their
   * way while others are worked on, if there are many bytes.
   *
   * @param bytes of the vector
   */
  public static int slice(long bytes) {
    long some = (bytes / AT_LEAST + STEP) / STEP * STEP;
    return (int) Math.max(SMALLEST, Math.min(USUAL, some));
  }

  /**
   * Views of a vector, one after the other.
   *
   * @param size bytes of each but for a shorter last one; of whole elements
   */
  public static List<ByteBuffer> cut(FlatVector vector, int size) {
    return vector.parts(size / Float.BYTES).stream().map(FlatVector::bytes).toList();
  }

  /** Publishes slices whose memory the garbage collector owns. */
  public static Address publish(long scope, String field, List<ByteBuffer> slices) {
    return publish(scope, field, slices, null);
  }

  /**
   * Makes slices blocks of this process. They are not copied and stay reachable until they are
   * removed: nobody may write to them before. Where the storage memory has no room for a slice
   * without pushing other blocks out, it is written to disk and served from there.
   *
   * @param field letters, digits and underscores; no two publications of a scope in a process may
   *     share it, so attempts of a task need their number in it
   * @param slices however the publisher encoded them
   * @param owner of the slices' memory, held until the last of them is removed and no longer on its
   *     way to anybody; null if the garbage collector owns them
   * @throws IllegalStateException if Spark does not take one; none is left then
   */
  public static Address publish(
      long scope, String field, List<ByteBuffer> slices, FlatVector owner) {
    if (!FIELD.matcher(field).matches()) {
      throw new IllegalArgumentException(
          "a field must consist of letters, digits and underscores, but was: " + field);
    }
    Address address = here(scope, field, slices.stream().map(ByteBuffer::remaining).toList());
    for (Address.Slice slice : address.slices()) {
      if (!put(slice.block(), slices.get(slice.index()), owner)) {
        remove(address);
        throw new IllegalStateException("Spark must take blocks, but refused " + slice.block());
      }
    }
    return address;
  }

  /** The address of slices of this process. */
  static Address here(long scope, String field, List<Integer> sizes) {
    BlockManagerId here = SparkEnv.get().blockManager().blockManagerId();
    return new Address(here.host(), here.port(), here.executorId(), scope, field, sizes);
  }

  /** Removes what this process published at an address, before the end of its scope. */
  public static void remove(Address address) {
    BlockManager store = SparkEnv.get().blockManager();
    address.slices().forEach(slice -> store.removeBlock(slice.block(), false));
  }

  /** Whether this process has blocks of a scope. */
  static boolean hasAny(long scope) {
    Iterator<Tuple2<BlockId, BlockInfo>> entries =
        CollectionConverters.asJava(SparkEnv.get().blockManager().blockInfoManager().entries());
    while (entries.hasNext()) {
      if (entries.next()._1() instanceof BroadcastBlockId block && block.broadcastId() == scope) {
        return true;
      }
    }
    return false;
  }

  /**
   * Has others take a slice from this process too, of which another is the publisher, until it is
   * removed. It is not copied, and nothing is pushed out for it: where the storage memory has no
   * room, or has it already, nothing happens.
   *
   * @param slice where it was published
   * @param bytes of it, to which nobody writes any more
   * @param owner of their memory; null if the garbage collector owns it
   */
  static void offer(Address.Slice slice, ByteBuffer bytes, FlatVector owner) {
    BlockManager store = SparkEnv.get().blockManager();
    if (bytes.remaining() > freeMemory() || store.getStatus(slice.block()).isDefined()) {
      return;
    }
    LentBuffer lent = lend(bytes, owner);
    StorageLevel level = StorageLevel.MEMORY_ONLY_SER();
    if (!store.putBytes(slice.block(), lent, level, true, ClassTag.Byte())) {
      lent.dispose();
    }
  }

  /** Ends the {@link #offer} of all slices of an address. */
  static void withdraw(Address address) {
    BlockManager store = SparkEnv.get().blockManager();
    address.slices().stream()
        .map(Address.Slice::block)
        .filter(block -> store.getStatus(block).isDefined())
        .forEach(block -> store.removeBlock(block, true));
  }

  /** Publishes one slice; whether Spark took it. */
  static boolean put(BroadcastBlockId block, ByteBuffer bytes, FlatVector owner) {
    StorageLevel level =
        bytes.remaining() <= freeMemory()
            ? StorageLevel.MEMORY_AND_DISK_SER()
            : StorageLevel.DISK_ONLY();
    LentBuffer lent = lend(bytes, owner);
    boolean taken = put(block, lent, level);
    if (!taken) {
      lent.dispose();
    }
    return taken;
  }

  private static long freeMemory() {
    MemoryManager memory = SparkEnv.get().memoryManager();
    return memory.maxOnHeapStorageMemory() - memory.onHeapStorageMemoryUsed();
  }

  private static LentBuffer lend(ByteBuffer bytes, FlatVector owner) {
    if (owner == null) {
      return new LentBuffer(bytes, () -> {});
    }
    if (!owner.hold()) {
      throw new IllegalStateException("a vector must be held to be published, but was let go");
    }
    return new LentBuffer(bytes, owner::letGo);
  }

  static boolean put(BroadcastBlockId block, LentBuffer bytes, StorageLevel level) {
    return SparkEnv.get().blockManager().putBytes(block, bytes, level, false, ClassTag.Byte());
  }
}
