package io.lepton.spark.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.jdk.javaapi.CollectionConverters;

/** What tells shard sets apart. */
final class SetKey {
  /** To be changed whenever the same key would give other shards. */
  private static final int VERSION = 1;

  private final MessageDigest digest;

  private SetKey() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * A hash of all that shards are a function of: the plan and its files with their lengths and
   * times, how columns are decoded, how rows are dealt, and the number of partitions.
   *
   * @return empty if the data is not a deterministic function of files
   */
  static Optional<String> of(Dataset<Row> data, DataBinding binding, Deal deal, int partitions) {
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) data).queryExecution().optimizedPlan();
    if (!plan.deterministic()) {
      return Optional.empty();
    }
    SetKey key = new SetKey();
    key.add("%d %s %d".formatted(VERSION, deal, partitions));
    key.add(plan.canonicalized().toString());
    for (LogicalPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
      if (!(leaf instanceof LogicalRelation relation)
          || !(relation.relation() instanceof HadoopFsRelation files)) {
        return Optional.empty();
      }
      key.add(files.options().toString());
    }
    key.addFiles(data);
    key.add(binding);
    return Optional.of(HexFormat.of().formatHex(key.digest.digest(), 0, 16));
  }

  private void addFiles(Dataset<Row> data) {
    Configuration hadoop = data.sparkSession().sparkContext().hadoopConfiguration();
    String[] files = data.inputFiles();
    Arrays.sort(files);
    for (String file : files) {
      try {
        Path path = new Path(file);
        FileStatus status = path.getFileSystem(hadoop).getFileStatus(path);
        add("%s %d %d".formatted(file, status.getLen(), status.getModificationTime()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void add(DataBinding binding) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(binding);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    digest.update(bytes.toByteArray());
  }

  private void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
