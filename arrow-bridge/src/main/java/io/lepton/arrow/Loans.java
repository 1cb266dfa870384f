package io.lepton.arrow;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.internal.c_api.Deallocator_Pointer_long_Pointer;

/**
 * What is lent to TensorFlow now. One native callback serves all loans (JavaCPP has ten), its
 * argument is the loan's number. TensorFlow may call it on any of its threads.
 */
final class Loans extends Deallocator_Pointer_long_Pointer {
  static final Loans CALLBACK = new Loans().retainReference();

  private static final Logger LOG = LoggerFactory.getLogger(Loans.class);

  private Runnable[] returns = new Runnable[64];
  private int[] free = new int[64];
  private int freeCount;
  private long opened;

  private Loans() {
    addFree(0, returns.length);
  }

  /** Notes a loan; {@code onReturn} runs once, when TensorFlow holds the memory no longer. */
  synchronized long open(Runnable onReturn) {
    if (freeCount == 0) {
      int old = returns.length;
      returns = Arrays.copyOf(returns, 2 * old);
      free = Arrays.copyOf(free, 2 * old);
      addFree(old, 2 * old);
    }
    int slot = free[--freeCount];
    returns[slot] = onReturn;
    opened++;
    return slot + 1L;
  }

  synchronized long opened() {
    return opened;
  }

  synchronized int outstanding() {
    return returns.length - freeCount;
  }

  private synchronized Runnable settle(long loan) {
    int slot = (int) (loan - 1);
    Runnable onReturn = returns[slot];
    returns[slot] = null;
    free[freeCount++] = slot;
    return onReturn;
  }

  @Override
  public void call(Pointer data, long length, Pointer loan) {
    try {
      settle(loan.address()).run();
    } catch (RuntimeException e) {
      LOG.error("lent memory at {} could not be returned to its owner", data, e);
    }
  }

  private void addFree(int from, int to) {
    for (int slot = to - 1; slot >= from; slot--) {
      free[freeCount++] = slot;
    }
  }
}
