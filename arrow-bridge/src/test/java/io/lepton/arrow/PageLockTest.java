package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a library that only counts in the place of CUDA's. */
class PageLockTest {
  private static final String SOURCE =
      """
      #include <stddef.h>
      static int held, calls, answer;
      static unsigned flags;
      static size_t size;
      int cudaHostRegister(void *at, size_t bytes, unsigned with) {
        calls++; size = bytes; flags = with;
        if (answer == 0) held++;
        return answer;
      }
      int cudaHostUnregister(void *at) { held--; return 0; }
      int held_now(void) { return held; }
      int calls_made(void) { return calls; }
      int last_flags(void) { return (int) flags; }
      int last_size(void) { return (int) size; }
      void start(int error) { held = calls = 0; answer = error; }
      """;

  private static final List<ColumnSpec> COLUMNS =
      List.of(new ColumnSpec("x", ElementType.FLOAT32, List.of()));
  private static final int CHUNKS = 3;
  private static final int ROWS = 100;

  @TempDir private static Path libraries;
  private static Path library;

  @TempDir private Path directory;
  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);

  @BeforeAll
  static void compileLibrary() throws IOException, InterruptedException {
    Path compiler =
        Stream.of("/usr/bin/cc", "/usr/local/bin/cc")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(compiler != null, "there is no C compiler to make a library with");
    Path source = Files.writeString(libraries.resolve("cudart.c"), SOURCE);
    library = libraries.resolve("libcountingcudart.so");
    Process process =
        new ProcessBuilder(
                compiler.toString(),
                "-shared",
                "-fPIC",
                "-o",
                library.toString(),
                source.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @BeforeEach
  void start() {
    call("start", 0);
  }

  @AfterEach
  void nothingStaysLocked() {
    root.close();
    assertThat(call("held_now")).isZero();
  }

  @Test
  void aChunkIsLockedOnceAsMemoryThatIsOnlyRead() throws IOException {
    PageLock lock = lock();
    try (MappedShard shard = shard()) {
      shard.chunks().get(0).lock(lock);
      shard.chunks().get(0).lock(lock);
      assertThat(call("calls_made")).isEqualTo(1);
      assertThat(call("last_flags")).isEqualTo(0x01 | 0x08);
      assertThat(call("last_size")).isGreaterThanOrEqualTo(ROWS * Float.BYTES);
      shard.chunks().get(1).lock(lock);
      assertThat(call("held_now")).isEqualTo(2);
    }
  }

  @Test
  void memoryStaysLockedAsLongAsItIsLent() throws IOException {
    TensorLease lease;
    try (MappedShard shard = shard()) {
      shard.chunks().get(0).lock(lock());
      lease = shard.chunks().get(0).lend(0, new CopyLedger());
    }
    assertThat(call("held_now")).isEqualTo(1);
    lease.close();
    assertThat(call("held_now")).isZero();
  }

  @Test
  void whatCannotBeLockedIsReadAllTheSameAndNotTriedAgain() throws IOException {
    call("start", 801);
    PageLock lock = lock();
    try (MappedShard shard = shard()) {
      MappedShard.Chunk chunk = shard.chunks().get(2);
      chunk.lock(lock);
      chunk.lock(lock);
      assertThat(call("calls_made")).isEqualTo(1);
      assertThat(chunk.column(0).getFloat(0)).isEqualTo(2f);
    }
  }

  @Test
  void withoutCudaMemoryStaysAsItIs() throws IOException {
    PageLock lock = PageLock.of(List.of("libnosuchcudart.so.12", "libnosuchcudart.so"));
    try (MappedShard shard = shard()) {
      shard.chunks().get(0).lock(lock);
      assertThat(shard.chunks().get(0).column(0).getFloat(0)).isZero();
      assertThat(call("calls_made")).isZero();
    }
  }

  @Test
  void aLibraryWithoutTheFunctionsIsPassedOver() throws IOException {
    PageLock lock = PageLock.of(List.of("c", library.toString()));
    try (MappedShard shard = shard()) {
      shard.chunks().get(0).lock(lock);
      assertThat(call("held_now")).isEqualTo(1);
    }
  }

  private static PageLock lock() {
    return PageLock.of(List.of(library.toString()));
  }

  private static int call(String function, Object... arguments) {
    return NativeLibrary.getInstance(library.toString()).getFunction(function).invokeInt(arguments);
  }

  /** Chunks whose values are all the chunk's number. */
  private MappedShard shard() throws IOException {
    Path path = directory.resolve("shard");
    try (ChunkBuffer chunk = new ChunkBuffer(COLUMNS, ROWS, root);
        ShardWriter writer = new ShardWriter(path, COLUMNS)) {
      for (int number = 0; number < CHUNKS; number++) {
        chunk.clear();
        chunk.take(ROWS);
        for (int row = 0; row < ROWS; row++) {
          MemoryUtil.putInt(chunk.address(0) + 4L * row, Float.floatToIntBits(number));
        }
        writer.write(chunk);
      }
      writer.finish();
    }
    return MappedShard.open(path, root);
  }
}
