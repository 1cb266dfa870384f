package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.averaging.Averaging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
  @TempDir Path directory;

  @Test
  void anOverrideWinsOverTheFileAndTheLastOneOverTheOthers() {
    JobFile job = JobFile.minimalAnd(directory, "training { epochs = 1, batch-size = 2 }");

    TrainingSection training = job.load("training.epochs=3", "training.epochs=4").training();

    assertThat(training.epochs()).isEqualTo(4);
    assertThat(training.batchSize()).isEqualTo(2);
  }

  @Test
  void anOverrideIsHocon() {
    JobConfiguration job =
        JobFile.minimalAnd(directory)
            .load(
                "data.inputs.x.columns=[a, b, c]",
                "data.train=\"s3a://bucket/train.csv\"",
                "model.layers+={ dense { units = 1 } }");

    assertThat(job.data().inputs().get(0).columns()).containsExactly("a", "b", "c");
    assertThat(job.data().train()).isEqualTo("s3a://bucket/train.csv");
    assertThat(job.layers()).hasSize(2);
  }

  @Test
  void anOverrideMayClearAnObjectBeforeAnotherFillsIt() {
    JobConfiguration job =
        JobFile.minimalAnd(directory, "training.optimizer.adam {}")
            .load("training.optimizer=null", "training.optimizer.sgd.momentum=0.5");

    assertThat(job.optimizer().learningRate()).isEqualTo(0.01);
  }

  @Test
  void aProblemOfAnOverrideSaysSo() {
    assertThat(JobFile.minimalAnd(directory).problems("training.epoch=3"))
        .containsExactly(
            "training.epoch = 3 (--set): is not a setting; did you mean training.epochs?");
  }

  @Test
  void anOverrideThatIsNotHoconIsRefused() {
    assertThat(JobFile.minimalAnd(directory).problems("epochs", "data.train=s3a://b"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .isEqualTo("--set epochs: must be path=value; write --set path=value"),
            second ->
                assertThat(second)
                    .startsWith("--set data.train=s3a://b: Expecting end of input or a comma")
                    .endsWith("; quote the value: --set 'path=\"value\"'"));
  }

  @Test
  void aSecretInABrokenOverrideIsMasked() {
    assertThat(JobFile.minimalAnd(directory).problems("password=a:b"))
        .containsExactly(
            "--set ******: is not valid HOCON; quote the value: --set 'path=\"value\"'");
  }

  @Test
  void aMissingFileIsAProblemBesideThoseOfTheOverrides() {
    JobFile job = JobFile.minimalAnd(directory);
    assertThat(job.path().toFile().delete()).isTrue();

    assertThat(job.problems("epochs"))
        .containsExactly(
            "job.conf: must be a file that can be read; check its path",
            "--set epochs: must be path=value; write --set path=value");
  }

  @Test
  void aSyntaxErrorNamesFileAndLine() {
    assertThat(JobFile.of(directory, "name = x\nseed = [1\n").problems())
        .singleElement()
        .asString()
        .startsWith("job.conf: 3: List should have had new element")
        .endsWith("; correct the syntax there");
  }

  @Test
  void aSyntaxErrorBesideASecretDoesNotRepeatTheLine() {
    assertThat(JobFile.of(directory, "password = \"hunter2").problems())
        .containsExactly("job.conf: 1: is not valid HOCON; correct the syntax there");
  }

  @Test
  void everySubstitutionThatNamesNothingIsAProblem() {
    assertThat(
            JobFile.minimalAnd(directory, "name = ${NO_SUCH_NAME}", "seed = ${no.such.seed}")
                .problems())
        .containsExactlyInAnyOrder(
            "job.conf: 9: Could not resolve substitution to a value: ${NO_SUCH_NAME};"
                + " set it, or make it optional: ${?NAME}",
            "job.conf: 10: Could not resolve substitution to a value: ${no.such.seed};"
                + " set it, or make it optional: ${?NAME}");
  }

  @Test
  void substitutionsFindSettingsPropertiesAndTheEnvironment() {
    JobConfiguration job =
        JobFile.minimalAnd(
                directory,
                "name = ${java.specification.version}",
                "output.model = ${?PATH}",
                "data.validation = ${data.train}",
                "seed = ${?NO_SUCH_NAME}")
            .load();

    assertThat(job.name()).isEqualTo(System.getProperty("java.specification.version"));
    assertThat(job.output().model()).isEqualTo(System.getenv("PATH"));
    assertThat(job.data().validation()).contains("train.parquet");
    assertThat(job.seed()).isEqualTo(7);
    assertThat(job.effective()).contains("  # system property\n").contains("  # env variables\n");
  }

  @Test
  void aSystemPropertyIsNotASettingByItsOwnName() {
    System.setProperty("training.epochs", "99");
    System.setProperty("averaging.replicas", "99");
    try {
      JobConfiguration job = JobFile.minimalAnd(directory, "training.batch-size = 2").load();

      assertThat(job.training().epochs()).isEqualTo(5);
      assertThat(job.averaging().replicas()).isEqualTo(Averaging.AUTO);
    } finally {
      System.clearProperty("training.epochs");
      System.clearProperty("averaging.replicas");
    }
  }

  @Test
  void aProblemInAnIncludedFileNamesThatFile() throws IOException {
    Path included = Files.writeString(directory.resolve("more.conf"), "\nseed = x\n");
    JobFile job = JobFile.minimalAnd(directory, "include \"more.conf\"");

    assertThat(job.problems())
        .containsExactly(
            "seed = \"x\" (%s: 2): must be a whole number of at most 64 bits; give one such as 7"
                .formatted(included));
  }

  @Test
  void jsonIsReadByItsExtension() {
    JobFile job =
        JobFile.at(
            directory.resolve("job.json"),
            """
            {
              "name": "demo",
              "data": {
                "train": "train.parquet",
                "validation": "test.parquet",
                "inputs": { "x": { "columns": ["a", "b"] } },
                "label": { "column": "y" }
              },
              "model": { "layers": [{ "dense": { "units": 1 } }] },
              "output": { "model": "out" }
            }
            """);

    assertThat(job.load().dataSpec()).isEqualTo(JobFile.minimalAnd(directory).load().dataSpec());
  }
}
