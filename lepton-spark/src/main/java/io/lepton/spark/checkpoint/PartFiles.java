package io.lepton.spark.checkpoint;

import io.lepton.arrow.FlatVector;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/** Writes and reads files of a checkpoint in pieces, with their sums. One thread. */
final class PartFiles {
  private final FileSystem files;
  private final byte[] piece;

  /**
   * Files of a file system.
   *
   * @param piece bytes that are on the heap at a time
   */
  PartFiles(FileSystem files, int piece) {
    this.files = files;
    this.piece = new byte[piece];
  }

  /** Writes all that remains in a buffer; it is on the disks of the file system then. */
  Manifest.Part write(Path path, ByteBuffer bytes) throws IOException {
    return write(path, List.of(bytes));
  }

  /** Writes a vector likewise. */
  Manifest.Part write(Path path, FlatVector vector) throws IOException {
    return write(path, vector.parts(elements()).stream().map(FlatVector::bytes).toList());
  }

  private Manifest.Part write(Path path, List<ByteBuffer> parts) throws IOException {
    long size = 0;
    Sha256 sum = new Sha256();
    try (FSDataOutputStream out = files.create(path, true)) {
      for (ByteBuffer bytes : parts) {
        size += bytes.remaining();
        while (bytes.hasRemaining()) {
          int length = Math.min(piece.length, bytes.remaining());
          bytes.get(piece, 0, length);
          sum.add(piece, length);
          out.write(piece, 0, length);
        }
      }
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
    return new Manifest.Part(size, sum.hex());
  }

  /**
   * Looks whether a file is there and as large as it was.
   *
   * @throws DamagedException if not
   */
  void checkSize(Path path, Manifest.Part part) throws IOException {
    long size;
    try {
      size = files.getFileStatus(path).getLen();
    } catch (FileNotFoundException e) {
      throw new DamagedException(path.getName() + " is missing");
    }
    if (size != part.bytes()) {
      throw new DamagedException(
          "%s has %d bytes instead of %d".formatted(path.getName(), size, part.bytes()));
    }
  }

  /**
   * Fills what remains of a buffer with a file of that size.
   *
   * @throws DamagedException if its sum is not the one it had
   */
  void read(Path path, Manifest.Part part, ByteBuffer into) throws IOException {
    pass(path, part, length -> into.put(piece, 0, length));
  }

  /** Fills a vector of that size likewise. */
  void read(Path path, Manifest.Part part, FlatVector into) throws IOException {
    Iterator<FlatVector> parts = into.parts(elements()).iterator();
    pass(path, part, length -> parts.next().bytes().put(piece, 0, length));
  }

  private int elements() {
    return piece.length / Float.BYTES;
  }

  /**
   * Looks whether a file is as it was written.
   *
   * @throws DamagedException if its sum is not the one it had
   */
  void check(Path path, Manifest.Part part) throws IOException {
    pass(path, part, length -> {});
  }

  private void pass(Path path, Manifest.Part part, IntConsumer take) throws IOException {
    Sha256 sum = new Sha256();
    try (InputStream in = files.open(path)) {
      for (long left = part.bytes(); left > 0; ) {
        int length = in.readNBytes(piece, 0, (int) Math.min(piece.length, left));
        if (length == 0) {
          throw new DamagedException(path.getName() + " ends early");
        }
        sum.add(piece, length);
        take.accept(length);
        left -= length;
      }
    }
    if (!sum.hex().equals(part.sha256())) {
      throw new DamagedException(path.getName() + " has another SHA-256 than it was written with");
    }
  }
}
