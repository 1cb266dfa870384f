package io.lepton.spark.exchange;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;

/**
 * Where published bytes are and in which slices; small enough to be the result of a task.
 *
 * @param executor that has them, or {@code driver}
 * @param scope whose end removes them
 * @param field what they are called in their scope
 * @param sizes bytes of each slice, as its publisher encoded it
 */
public record Address(
    String host, int port, String executor, long scope, String field, List<Integer> sizes)
    implements Serializable {
  public Address {
    sizes = List.copyOf(sizes);
  }

  /** By which name a slice is published. */
  static BroadcastBlockId block(long scope, String field, int index) {
    return new BroadcastBlockId(scope, field + "_s" + index);
  }

  /** The same bytes where another process has them under the same names. */
  Address at(BlockManagerId peer) {
    return new Address(peer.host(), peer.port(), peer.executorId(), scope, field, sizes);
  }

  /** Bytes of all slices. */
  public long bytes() {
    return sizes.stream().mapToLong(Integer::longValue).sum();
  }

  /** Each slice in order. */
  public List<Slice> slices() {
    return IntStream.range(0, sizes.size()).mapToObj(this::slice).toList();
  }

  /** A slice, from 0. */
  public Slice slice(int index) {
    return new Slice(this, index);
  }

  /** Who has them, in words. */
  public String peer() {
    return "executor %s at %s:%d".formatted(executor, host, port);
  }

  /**
   * One of the slices.
   *
   * @param index from 0
   */
  public record Slice(Address address, int index) {
    /** Number of bytes. */
    public int size() {
      return address.sizes.get(index);
    }

    BroadcastBlockId block() {
      return Address.block(address.scope, address.field, index);
    }

    boolean isHere() {
      BlockManagerId here = SparkEnv.get().blockManager().blockManagerId();
      return here.executorId().equals(address.executor)
          && here.host().equals(address.host)
          && here.port() == address.port;
    }
  }
}
