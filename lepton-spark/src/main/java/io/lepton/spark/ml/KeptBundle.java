package io.lepton.spark.ml;

import io.lepton.spark.LocalCopy;
import io.lepton.spark.ingest.Preprocessing;
import io.lepton.tf.bundle.Bundle;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
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
   * @throws FileNotFoundException if there is none
   */
  static KeptBundle at(String path, Configuration hadoop) throws IOException {
    try (LocalCopy copy = existing(path, hadoop)) {
      return new KeptBundle(
          Bundle.open(copy.path()), qualified(path, hadoop), isLocal(path, hadoop));
    }
  }

  /**
   * A bundle on any Hadoop file system, of which the driver keeps its own copy, so that it can be
   * saved when it is no longer there; of one on the driver's disk links to its files, if it can.
   *
   * @throws io.lepton.tf.bundle.BundleException if it cannot be trusted
   * @throws FileNotFoundException if there is none
   */
  static KeptBundle copied(String path, Configuration hadoop) throws IOException {
    Path own = Files.createTempDirectory("lepton-model").toRealPath();
    try (LocalCopy copy = existing(path, hadoop)) {
      LinkedCopy.of(copy.path(), own);
      return isLocal(path, hadoop)
          ? owning(own)
          : owned(own, new KeptBundle(Bundle.open(own), qualified(path, hadoop), false));
    } catch (IOException | RuntimeException e) {
      LocalCopy.delete(own);
      throw e;
    }
  }

  /** A bundle in a directory that goes with what is returned, at the latest with this process. */
  static KeptBundle owning(Path directory) throws IOException {
    return owned(
        directory, new KeptBundle(Bundle.open(directory), directory.toUri().toString(), true));
  }

  private static KeptBundle owned(Path directory, KeptBundle kept) {
    ShutdownHookManager.registerShutdownDeleteDir(directory.toFile());
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

  private static LocalCopy existing(String path, Configuration hadoop) throws IOException {
    try {
      return LocalCopy.of(path, hadoop);
    } catch (FileNotFoundException e) {
      throw missing(path, e);
    }
  }

  private static FileNotFoundException missing(String path, IOException cause) {
    FileNotFoundException missing =
        new FileNotFoundException(
            "a model's bundle must be in its place while the model is in use, but there is nothing at %s; put it back, or correct the path"
                .formatted(path));
    missing.initCause(cause);
    return missing;
  }

  private static String qualified(String path, Configuration hadoop) throws IOException {
    org.apache.hadoop.fs.Path named = new org.apache.hadoop.fs.Path(path);
    return named.getFileSystem(hadoop).makeQualified(named).toString();
  }

  private static boolean isLocal(String path, Configuration hadoop) throws IOException {
    return new org.apache.hadoop.fs.Path(path)
        .getFileSystem(hadoop)
        .getUri()
        .getScheme()
        .equals("file");
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
   * Its files on the local disk, to save them elsewhere.
   *
   * @throws FileNotFoundException if they are gone
   */
  LocalCopy copy(Configuration hadoop) throws IOException {
    return existing(
        Files.isDirectory(bundle.directory()) ? bundle.directory().toUri().toString() : path,
        hadoop);
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
    try {
      if (!Files.isDirectory(directory)) {
        throw missing(path, null);
      }
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
