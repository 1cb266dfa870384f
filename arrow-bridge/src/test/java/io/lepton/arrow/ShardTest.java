package io.lepton.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTest {
  private static final int ROWS = 1003;
  private static final List<ColumnSpec> COLUMNS =
      List.of(
          new ColumnSpec("image", ElementType.UINT8, List.of(5, 3, 1)),
          new ColumnSpec("table", ElementType.FLOAT32, List.of(3)),
          new ColumnSpec("amount", ElementType.FLOAT64, List.of()),
          new ColumnSpec("day", ElementType.INT64, List.of()),
          new ColumnSpec("flag", ElementType.BOOL, List.of()),
          new ColumnSpec("label", ElementType.INT32, List.of()));

  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
  private final CopyLedger ledger = new CopyLedger();

  @TempDir private Path directory;

  @AfterEach
  void nothingIsLeftOut() {
    root.close();
    assertThat(TensorLease.outstanding()).isZero();
  }

  @Test
  void theStockArrowReaderReadsAShardValueByValue() throws IOException {
    Path path = write(400);
    int row = 0;
    try (FileChannel file = FileChannel.open(path);
        ArrowFileReader reader = new ArrowFileReader(file, root)) {
      VectorSchemaRoot batch = reader.getVectorSchemaRoot();
      while (reader.loadNextBatch()) {
        for (int i = 0; i < batch.getRowCount(); i++, row++) {
          byte[] image = ((FixedSizeBinaryVector) batch.getVector("image")).get(i);
          assertThat(image).hasSize(15).startsWith((byte) row, (byte) (row + 1));
          FixedSizeListVector table = (FixedSizeListVector) batch.getVector("table");
          assertThat(((Float4Vector) table.getDataVector()).get(3 * i + 2)).isEqualTo(row + 0.5f);
          assertThat(((Float8Vector) batch.getVector("amount")).get(i)).isEqualTo(row / 8.0);
          assertThat(((BigIntVector) batch.getVector("day")).get(i))
              .isEqualTo(row * 10_000_000_000L);
          assertThat(((UInt1Vector) batch.getVector("flag")).get(i)).isEqualTo((byte) (row % 2));
          assertThat(((IntVector) batch.getVector("label")).get(i)).isEqualTo(row % 10);
        }
      }
    }
    assertThat(row).isEqualTo(ROWS);
  }

  @Test
  void everyColumnOfEveryMappedChunkIsLentInPlace() throws IOException {
    for (int rowsPerChunk : new int[] {1, 7, 400, ROWS, 5000}) {
      try (MappedShard shard = MappedShard.open(write(rowsPerChunk), root)) {
        assertThat(shard.columns()).isEqualTo(COLUMNS);
        assertThat(shard.rows()).isEqualTo(ROWS);
        for (MappedShard.Chunk chunk : shard.chunks()) {
          for (int column = 0; column < COLUMNS.size(); column++) {
            try (TensorLease lease = chunk.lend(column, ledger)) {
              assertThat(lease.inPlace()).isTrue();
            }
          }
        }
      }
    }
    assertThat(ledger.total()).isZero();
  }

  @Test
  void aLeaseOutlivesItsShard() throws IOException {
    MappedShard shard = MappedShard.open(write(ROWS), root);
    TensorLease lease = shard.chunks().get(0).lend(5, ledger);
    shard.close();
    shard.close();
    assertThat(root.getAllocatedMemory()).isPositive();

    lease.close();

    assertThat(root.getAllocatedMemory()).isZero();
  }

  @Test
  void aShardThatWasNotFinishedLeavesNoFile() throws IOException {
    Path path = directory.resolve("unfinished");
    try (ChunkBuffer chunk = new ChunkBuffer(COLUMNS, 10, root);
        ShardWriter writer = new ShardWriter(path, COLUMNS)) {
      chunk.take(7);
      writer.write(chunk);
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aShardOfNoRowsIsLegal() throws IOException {
    Path path = directory.resolve("empty");
    try (ShardWriter writer = new ShardWriter(path, COLUMNS)) {
      writer.finish();
    }
    try (MappedShard shard = MappedShard.open(path, root)) {
      assertThat(shard.rows()).isZero();
      assertThat(shard.chunks()).isEmpty();
      shard.verify();
    }
  }

  @Test
  void aFileThatIsNoShardIsRefusedByName() throws IOException {
    Path path =
        Files.writeString(directory.resolve("text"), "no shard at all, whatever its length");
    assertThatThrownBy(() -> MappedShard.open(path, root))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(path + " is no readable shard: ");
  }

  @Test
  void aTruncatedShardIsRefused() throws IOException {
    Path path = write(400);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 1);
    }
    assertThatThrownBy(() -> MappedShard.open(path, root))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(path + " is no readable shard: ");
  }

  @Test
  void oneBitThatChangedIsFoundByTheChecksum() throws IOException {
    Path path = write(400);
    try (MappedShard shard = MappedShard.open(path, root)) {
      shard.verify();
    }
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(1);
      long middle = file.size() / 2;
      file.read(bytes, middle);
      bytes.put(0, (byte) (bytes.get(0) ^ 1)).flip();
      file.write(bytes, middle);
    }
    try (MappedShard shard = MappedShard.open(path, root)) {
      assertThatThrownBy(shard::verify)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(path + " is damaged: its checksums must be ");
    }
  }

  @Test
  void moreRowsThanFitAreRefused() {
    try (ChunkBuffer chunk = new ChunkBuffer(COLUMNS, 10, root)) {
      chunk.take(3);
      assertThatThrownBy(() -> chunk.take(8))
          .hasMessage("rows must fit into a chunk with room for 7, but were: 8");
    }
  }

  @Test
  void aChunkOfOtherColumnsIsRefused() throws IOException {
    Path path = directory.resolve("other");
    try (ChunkBuffer chunk = new ChunkBuffer(COLUMNS.subList(1, 3), 10, root);
        ShardWriter writer = new ShardWriter(path, COLUMNS)) {
      assertThatThrownBy(() -> writer.write(chunk))
          .hasMessageStartingWith("a chunk must have the columns of its shard, ");
    }
  }

  private Path write(int rowsPerChunk) throws IOException {
    Path path = directory.resolve("shard-" + rowsPerChunk);
    try (ChunkBuffer chunk = new ChunkBuffer(COLUMNS, rowsPerChunk, root);
        ShardWriter writer = new ShardWriter(path, COLUMNS)) {
      for (int row = 0; row < ROWS; row++) {
        put(chunk, row);
        if (chunk.room() == 0) {
          writer.write(chunk);
          chunk.clear();
        }
      }
      writer.write(chunk);
      writer.finish();
    }
    return path;
  }

  private static void put(ChunkBuffer chunk, int row) {
    long at = chunk.take(1);
    for (int i = 0; i < 15; i++) {
      MemoryUtil.putByte(chunk.address(0) + 15 * at + i, (byte) (row + i));
    }
    for (int i = 0; i < 3; i++) {
      MemoryUtil.putInt(chunk.address(1) + 12 * at + 4L * i, Float.floatToIntBits(row + i / 4f));
    }
    MemoryUtil.putLong(chunk.address(2) + 8 * at, Double.doubleToLongBits(row / 8.0));
    MemoryUtil.putLong(chunk.address(3) + 8 * at, row * 10_000_000_000L);
    MemoryUtil.putByte(chunk.address(4) + at, (byte) (row % 2));
    MemoryUtil.putInt(chunk.address(5) + 4 * at, row % 10);
  }
}
