package io.lepton.arrow;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Optional;

/** The two functions of CUDA's runtime that lock memory into RAM, found when they are asked for. */
final class CudaRuntime {
  /** As TensorFlow's own build for GPUs asks for it. */
  static final List<String> LIBRARIES = List.of("libcudart.so.12", "libcudart.so");

  private static final int PORTABLE = 0x01;
  private static final int READ_ONLY = 0x08;

  private final Function register;
  private final Function unregister;

  private CudaRuntime(NativeLibrary library) {
    register = library.getFunction("cudaHostRegister");
    unregister = library.getFunction("cudaHostUnregister");
  }

  /** The first library that is there and has both functions. */
  static Optional<CudaRuntime> find(List<String> libraries) {
    return libraries.stream().map(CudaRuntime::find).flatMap(Optional::stream).findFirst();
  }

  private static Optional<CudaRuntime> find(String library) {
    try {
      return Optional.of(new CudaRuntime(NativeLibrary.getInstance(library)));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  /** Locks memory that is only read; returns CUDA's error code, 0 for none. */
  int register(long address, long bytes) {
    return register.invokeInt(new Object[] {new Pointer(address), bytes, PORTABLE | READ_ONLY});
  }

  /** Unlocks what was locked from an address on; returns CUDA's error code. */
  int unregister(long address) {
    return unregister.invokeInt(new Object[] {new Pointer(address)});
  }
}
