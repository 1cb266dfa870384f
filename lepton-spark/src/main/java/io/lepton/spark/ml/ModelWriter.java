package io.lepton.spark.ml;

import io.lepton.spark.LocalCopy;
import io.lepton.spark.PlainFiles;
import io.lepton.spark.WholeDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLWriter;

/** Writes a model: its params as Spark ML does, and the bundle beside them. */
final class ModelWriter extends MLWriter {
  static final String BUNDLE = "bundle";

  private final LeptonModel model;

  ModelWriter(LeptonModel model) {
    this.model = model;
  }

  /** What is in its place stays until the new one is whole: it may be what is saved. */
  @Override
  public void save(String path) throws IOException {
    try (WholeDirectory whole = WholeDirectory.at(new Path(path), sc().hadoopConfiguration())) {
      whole.leftovers().sweep();
      if (whole.exists() && !shouldOverwrite()) {
        throw new IOException(
            "%s must not exist, but does; choose another path, or write().overwrite()"
                .formatted(path));
      }
      saveImpl(whole.fresh().toString());
      whole.publish();
    }
  }

  @Override
  public void saveImpl(String path) {
    DefaultParamsWriter$.MODULE$.saveMetadata(model, path, sparkSession());
    Configuration hadoop = sc().hadoopConfiguration();
    Path target = new Path(path, BUNDLE);
    try (LocalCopy copy = model.kept().copy(hadoop)) {
      PlainFiles.of(target, hadoop)
          .copyFromLocalFile(false, true, new Path(copy.path().toUri()), target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
