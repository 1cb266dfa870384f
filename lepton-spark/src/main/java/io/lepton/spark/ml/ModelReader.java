package io.lepton.spark.ml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.MLReader;
import scala.Option;

/** Reads what {@link ModelWriter} wrote. */
final class ModelReader extends MLReader<LeptonModel> {
  @Override
  public LeptonModel load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader$.MODULE$.loadMetadata(
            path, sparkSession(), LeptonModel.class.getName());
    try {
      KeptBundle kept =
          KeptBundle.copied(
              new Path(path, ModelWriter.BUNDLE).toString(), sc().hadoopConfiguration());
      LeptonModel model = new LeptonModel(metadata.uid(), kept, Optional.empty());
      metadata.getAndSetParams(model, Option.empty());
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
