package io.lepton.spark.ml;

import io.lepton.spark.HadoopSettings;
import io.lepton.spark.LocalCopy;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.bundle.Bundle;
import io.lepton.tf.bundle.Scorer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;

/**
 * Where a process finds a model.
 *
 * @param sha256 of the bundle
 * @param path of any Hadoop file system that all processes see; null if it is broadcast
 * @param archive of the bundle; null if there is a path
 * @param held keeps the bundle in its place as long as a plan may score with it
 */
record ModelSource(String sha256, String path, Broadcast<byte[]> archive, Held held)
    implements Serializable {

  /** A bundle of this process; nothing in any other. Two are equal, as they say nothing of it. */
  static final class Held implements Serializable {
    private static final long serialVersionUID = 1;

    private final transient KeptBundle bundle;

    Held(KeptBundle bundle) {
      this.bundle = bundle;
    }

    @Override
    public boolean equals(Object that) {
      return that instanceof Held;
    }

    @Override
    public int hashCode() {
      return Held.class.hashCode();
    }

    @Override
    public String toString() {
      return bundle == null ? "held elsewhere" : "held at " + bundle.path();
    }
  }

  /** Loads it; copies on the local disk are gone afterwards. */
  Scorer load(SessionOptions options) throws IOException {
    if (path != null) {
      try (LocalCopy copy = LocalCopy.of(path, HadoopSettings.current())) {
        return load(copy.path(), options);
      } catch (FileNotFoundException e) {
        throw new IOException(
            "a bundle that is not sent to executors must be where all of them see it, but executor %s sees nothing at %s; save it on a file system of all machines and load it from there, or send it (broadcastBytes)"
                .formatted(SparkEnv.get().executorId(), path),
            e);
      }
    }
    Path directory = Files.createTempDirectory("lepton-model").toRealPath();
    try {
      BundleArchive.unpack(archive.value(), directory);
      return load(directory, options);
    } finally {
      LocalCopy.delete(directory);
    }
  }

  private Scorer load(Path directory, SessionOptions options) throws IOException {
    Bundle bundle = Bundle.open(directory);
    if (!bundle.sha256().equals(sha256)) {
      throw new IOException(
          "the bundle at %s must be the one that was opened, but was replaced since; open it again"
              .formatted(path));
    }
    return new Scorer(bundle, options);
  }
}
