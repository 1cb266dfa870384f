package io.lepton.arrow;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * A tensor over memory that belongs to somebody else.
 *
 * <p>The memory's owner gets it back when TensorFlow's own deallocator says so, which may be long
 * after {@link #close()} and after the run that was fed: a variable assigned from a feed keeps the
 * memory itself. Until then its bytes must not change. Open, use and close a lease on one thread.
 */
public final class TensorLease implements AutoCloseable {
  private final long lentAddress;
  private TF_Tensor tensor;

  private TensorLease(TF_Tensor tensor, long lentAddress) {
    this.tensor = tensor;
    this.lentAddress = lentAddress;
  }

  /**
   * Lends a part of a buffer; the buffer is retained until TensorFlow lets go.
   *
   * @param offset bytes from the start of the buffer; the address there should be a multiple of 64,
   *     else TensorFlow copies and the ledger counts it
   * @param shape of the tensor, row-major
   */
  public static TensorLease lend(
      ArrowBuf buffer, long offset, ElementType type, long[] shape, CopyLedger ledger) {
    long bytes = bytes(type, shape);
    if (offset < 0 || offset + bytes > buffer.capacity()) {
      throw new IllegalArgumentException(
          "a lease must stay inside its buffer of %d bytes, but was: %d bytes at %d"
              .formatted(buffer.capacity(), bytes, offset));
    }
    ReferenceManager owner = buffer.getReferenceManager();
    owner.retain();
    return open(buffer.memoryAddress() + offset, bytes, type, shape, owner::release, ledger);
  }

  /**
   * A tensor of no elements, which takes nobody's memory.
   *
   * @param shape with a dimension of 0
   */
  public static TensorLease empty(ElementType type, long[] shape) {
    return FlatVector.lendNothing(type, shape);
  }

  static TensorLease open(
      long address,
      long bytes,
      ElementType type,
      long[] shape,
      Runnable onReturn,
      CopyLedger ledger) {
    long loan = Loans.CALLBACK.open(onReturn);
    TF_Tensor tensor =
        tensorflow.TF_NewTensor(
            type.dataType(),
            shape,
            shape.length,
            new NativeAddress(address),
            bytes,
            Loans.CALLBACK,
            new NativeAddress(loan));
    TensorLease lease = new TensorLease(tensor, address);
    if (bytes > 0 && !lease.inPlace()) {
      ledger.add(CopyLedger.Reason.UNALIGNED, bytes);
    }
    return lease;
  }

  /** Loans whose memory TensorFlow still holds, in this process. */
  public static int outstanding() {
    return Loans.CALLBACK.outstanding();
  }

  /** Leases that were ever opened in this process. */
  public static long opened() {
    return Loans.CALLBACK.opened();
  }

  /** The tensor to feed; valid until {@link #close()}. */
  public TF_Tensor tensor() {
    return tensor;
  }

  /** Whether TensorFlow uses the lent bytes themselves. */
  public boolean inPlace() {
    Pointer data = tensorflow.TF_TensorData(tensor);
    return data != null && data.address() == lentAddress;
  }

  /** Gives up this handle; idempotent. TensorFlow may hold the memory longer. */
  @Override
  public void close() {
    if (tensor != null) {
      tensorflow.TF_DeleteTensor(tensor);
      tensor = null;
    }
  }

  private static long bytes(ElementType type, long[] shape) {
    long bytes = type.bytes();
    for (long dimension : shape) {
      bytes = Math.multiplyExact(bytes, dimension);
    }
    return bytes;
  }
}
