package io.lepton.spark;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A directory of any Hadoop file system that is there as a whole or not at all: what is to be in it
 * is written beside it first and moved at the end. One thread.
 */
public final class WholeDirectory implements AutoCloseable {
  private final FileSystem files;
  private final Path target;
  private final Path fresh;
  private final Path old;

  private WholeDirectory(FileSystem files, Path target, Path place) {
    UUID id = UUID.randomUUID();
    this.files = files;
    this.target = target;
    this.fresh = new Path(place, Leftovers.incoming(target.getName(), id));
    this.old = new Path(place, Leftovers.outgoing(target.getName(), id));
  }

  /** One that is written beside its place. */
  public static WholeDirectory at(Path target, Configuration hadoop) throws IOException {
    Path whole = target.getFileSystem(hadoop).makeQualified(target);
    return at(whole, whole.getParent(), hadoop);
  }

  /**
   * One that is written elsewhere in its file system.
   *
   * @param place directory to write it in
   */
  public static WholeDirectory at(Path target, Path place, Configuration hadoop)
      throws IOException {
    FileSystem files = target.getFileSystem(hadoop);
    return new WholeDirectory(files, files.makeQualified(target), files.makeQualified(place));
  }

  /** Where to write; there is nothing yet. */
  public Path fresh() {
    return fresh;
  }

  /** What killed processes left that were to write the same. */
  public Leftovers leftovers() {
    return Leftovers.of(files, target, fresh.getParent());
  }

  /** Whether something is in its place already. */
  public boolean exists() throws IOException {
    return files.exists(target);
  }

  /**
   * Moves what was written into its place.
   *
   * @throws IOException if that fails; what was there before is there still then
   */
  public void publish() throws IOException {
    files.mkdirs(target.getParent());
    if (files.exists(target)) {
      move(target, old);
    }
    try {
      move(fresh, target);
    } catch (IOException e) {
      if (files.exists(old)) {
        move(old, target);
      }
      throw e;
    }
    files.delete(old, true);
  }

  /** Takes what is in its place away. */
  public void remove() throws IOException {
    files.delete(target, true);
  }

  /** Deletes what was not published. */
  @Override
  public void close() throws IOException {
    files.delete(fresh, true);
  }

  private void move(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("could not move %s to %s".formatted(from, to));
    }
  }
}
