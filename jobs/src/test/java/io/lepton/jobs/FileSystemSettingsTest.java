package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths of a file system that only {@code spark.hadoop.*} tells of. */
class FileSystemSettingsTest {
  private static final String SETTING = "spark.hadoop.fs.told.impl";

  @TempDir private Path directory;

  @BeforeEach
  void tell() {
    System.setProperty(SETTING, ToldFileSystem.class.getName());
  }

  @AfterEach
  void forget() {
    System.clearProperty(SETTING);
  }

  @Test
  void whatIsLookedAtBeforeThereIsASessionIsFoundByTheSettingsOfSpark() throws IOException {
    SmallJob job = SmallJob.in(directory);
    String data = "\"" + told(job.data()) + "\"";
    List<String> training =
        new ArrayList<>(
            List.of(
                "--set=data.train=" + data,
                "--set=data.validation=" + data,
                "--set=output.model=\"" + told(directory.resolve("model")) + "\""));
    CommandRun first = job.run("train", training.toArray(String[]::new));
    assertThat(first.code()).as(first.err()).isZero();
    training.add("--set=model.warm-start.bundle=\"" + told(directory.resolve("model")) + "\"");
    training.add("--set=output.overwrite=false");

    CommandRun again = job.run("train", training.toArray(String[]::new));
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("output.model: told:").contains("must not exist, but does");

    CommandRun prediction =
        job.run(
            "predict",
            "--model=" + told(directory.resolve("model")),
            "--data=" + told(job.data()),
            "--output=" + told(directory.resolve("scored")));
    assertThat(prediction.code()).as(prediction.err()).isZero();
    assertThat(prediction.json().get("scored").asInt()).isEqualTo(200);
  }

  private static String told(Path path) {
    return "told://" + path;
  }

  /** The local disk by another name. */
  public static final class ToldFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("told:///");
    }
  }
}
