package io.lepton.arrow;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks mapped shards into RAM, so that a GPU copies from them directly and beside its steps.
 *
 * <p>Where CUDA is absent or refuses, memory stays as it is, and the log says so once. Any thread.
 */
public final class PageLock {
  private static final Logger LOG = LoggerFactory.getLogger(PageLock.class);

  private final CudaRuntime runtime;
  private boolean warned;

  private PageLock(CudaRuntime runtime) {
    this.runtime = runtime;
  }

  /** By CUDA's runtime, looked for once in a process. */
  public static PageLock cuda() {
    return OfProcess.LOCK;
  }

  /** By the first of some libraries that is there. */
  static PageLock of(List<String> libraries) {
    PageLock lock = new PageLock(CudaRuntime.find(libraries).orElse(null));
    if (lock.runtime == null) {
      lock.warn("none of %s is there".formatted(String.join(", ", libraries)));
    }
    return lock;
  }

  /**
   * Locks memory that is only read.
   *
   * @return whether it is locked and must be unlocked before it goes
   */
  boolean lock(long address, long bytes) {
    return runtime != null && worked("cudaHostRegister", runtime.register(address, bytes));
  }

  void unlock(long address) {
    worked("cudaHostUnregister", runtime.unregister(address));
  }

  private boolean worked(String function, int error) {
    if (error != 0) {
      warn("%s answered %d".formatted(function, error));
    }
    return error == 0;
  }

  private synchronized void warn(String reason) {
    if (!warned) {
      warned = true;
      LOG.warn("memory is not page-locked: {}", reason);
    }
  }

  private static final class OfProcess {
    static final PageLock LOCK = of(CudaRuntime.LIBRARIES);
  }
}
