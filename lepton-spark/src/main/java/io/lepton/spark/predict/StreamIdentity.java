package io.lepton.spark.predict;

import io.lepton.spark.ingest.SchemaException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.streaming.runtime.StreamMetadata;
import scala.Option;

/**
 * Ties tables of batches to the stream that wrote them. Spark makes up an id when it begins a
 * checkpoint and keeps it there; a table has the same in {@value #FILE}, which its readers pass
 * over. One thread.
 */
final class StreamIdentity {
  static final String FILE = "_stream.json";

  private static final String METADATA = "metadata";

  private final String checkpoint;
  private final Configuration hadoop;
  private final Set<String> claimed = new HashSet<>();

  /** That of the stream of a checkpoint. */
  StreamIdentity(String checkpoint, Configuration hadoop) {
    this.checkpoint = checkpoint;
    this.hadoop = hadoop;
  }

  /** What is wrong if a table is of another stream; empty if it is of this one or of none yet. */
  Optional<String> problem(String table) throws IOException {
    Optional<String> owner = id(new Path(table, FILE));
    Optional<String> own = id(new Path(checkpoint, METADATA));
    return owner.isEmpty() || owner.equals(own)
        ? Optional.empty()
        : Optional.of(
            "%s must be of the stream of its checkpoint, but is of stream %s, and %s is of %s; choose another path, or its own checkpoint"
                .formatted(table, owner.get(), checkpoint, own.orElse("none")));
  }

  /**
   * Makes sure that a table is of no other stream; one that was claimed is not looked at again.
   *
   * @throws SchemaException if it is
   */
  void check(String table) throws IOException {
    Optional<String> problem = claimed.contains(table) ? Optional.empty() : problem(table);
    if (problem.isPresent()) {
      throw new SchemaException(List.of(problem.get()));
    }
  }

  /**
   * Has a table that is there be of this stream from now on. The file is there as a whole or not at
   * all, and is never replaced.
   *
   * @throws SchemaException if the table is of another stream
   * @throws java.util.ConcurrentModificationException if another claims it at this moment
   */
  void claim(String table) throws IOException {
    if (claimed.contains(table)) {
      return;
    }
    check(table);
    Path file = new Path(table, FILE);
    if (id(file).isEmpty()) {
      StreamMetadata.write(new StreamMetadata(own()), file, hadoop);
    }
    claimed.add(table);
  }

  private String own() throws IOException {
    return id(new Path(checkpoint, METADATA))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a stream that runs must have its id in %s, but has none; it was removed meanwhile"
                        .formatted(checkpoint)));
  }

  private Optional<String> id(Path file) throws IOException {
    if (!file.getFileSystem(hadoop).exists(file)) {
      return Optional.empty();
    }
    Option<StreamMetadata> written = StreamMetadata.read(file, hadoop);
    return written.isEmpty() ? Optional.empty() : Optional.of(written.get().id());
  }
}
