package io.lepton.spark.ml;

import io.lepton.spark.LocalCopy;
import io.lepton.spark.ingest.Preprocessing;
import io.lepton.tf.bundle.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.ShutdownHookManager;

/** The bundle of a model on the driver, and how executors come by it. Any thread. */
final class KeptBundle {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Bundle bundle;
  private final Preprocessing preprocessing;
  private final String path;
  private final boolean isLocal;
  private SparkContext context;
  private Broadcast<byte[]> archive;

  private KeptBundle(Bundle bundle, String path, boolean isLocal) {
    this.bundle = bundle;
    this.preprocessing = Preprocessing.fromJson(bundle.preprocessing());
    this.path = path;
    this.isLocal = isLocal;
  }

  /**
   * A bundle on any Hadoop file system, which must stay there.
   *
   * @throws io.lepton.tf.bundle.BundleException if it cannot be trusted
   */
  static KeptBundle at(String path, Configuration hadoop) throws IOException {
    org.apache.hadoop.fs.Path named = new org.apache.hadoop.fs.Path(path);
    FileSystem files = named.getFileSystem(hadoop);
    boolean local = files.getUri().getScheme().equals("file");
    try (LocalCopy copy = LocalCopy.of(path, hadoop)) {
      return new KeptBundle(Bundle.open(copy.path()), files.makeQualified(named).toString(), local);
    }
  }

  /** A bundle in a directory that goes with what is returned, at the latest with this process. */
  static KeptBundle owning(Path directory) throws IOException {
    ShutdownHookManager.registerShutdownDeleteDir(directory.toFile());
    KeptBundle kept = new KeptBundle(Bundle.open(directory), directory.toUri().toString(), true);
    CLEANER.register(
        kept,
        () -> {
          try {
            LocalCopy.delete(directory);
          } catch (IOException e) {
            // It goes with the process.
          }
        });
    return kept;
  }

  Bundle bundle() {
    return bundle;
  }

  Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Where it is. */
  String path() {
    return path;
  }

  /**
   * Where executors find it: where it is, if they see that or it is too large, else in a broadcast.
   *
   * @param most bytes that are broadcast
   */
  synchronized ModelSource source(SparkContext spark, long most) {
    if (!isLocal || spark.isLocal() || bytes() > most) {
      return new ModelSource(bundle.sha256(), path, null, new ModelSource.Held(this));
    }
    if (context != spark) {
      archive = JavaSparkContext.fromSparkContext(spark).broadcast(pack());
      context = spark;
    }
    return new ModelSource(bundle.sha256(), null, archive, new ModelSource.Held(this));
  }

  private long bytes() {
    Path directory = bundle.directory();
    if (!Files.isDirectory(directory)) {
      throw new IllegalStateException("a bundle must stay in its place, but is gone: " + path);
    }
    try {
      return BundleArchive.bytes(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] pack() {
    try {
      return BundleArchive.pack(bundle.directory());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
