package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models out of {@code ../shared/models}, on random examples: all ways train alike. */
class SharedModelsTest {
  private static final Path MODELS = Path.of("..", "..", "shared", "models").toAbsolutePath();
  private static final int ROWS = 48;

  @TempDir private Path directory;

  private final Random random = new Random(1);

  @BeforeAll
  static void find() {
    Assumptions.assumeTrue(
        Files.isDirectory(MODELS), "exported models must lie in shared/models beside the project");
  }

  @Test
  void imagesAreTrainedAlike() throws IOException {
    write(10, () -> "\"x\":" + IntStream.range(0, 32 * 32 * 3).mapToObj(i -> number()).toList());
    assertAlike(
        "inputs.x { column = x, type = float32, shape = [32, 32, 3] }, label.classes = 10",
        List.of(keras("cnn"), exported("cnn"), gradients("cnn")));
  }

  @Test
  void ratingsAreTrainedAlike() throws IOException {
    write(2, () -> "\"user\":%d,\"item\":%d".formatted(id(4000), id(2360)));
    assertAlike(
        """
        inputs { user { column = user, type = int32 }, item { column = item, type = int32 } }
        label.classes = 2
        """,
        List.of(keras("ncf"), exported("ncf"), gradients("ncf")));
  }

  @Test
  void reviewsAreTrainedAlike() throws IOException {
    write(2, () -> "\"x\":" + IntStream.range(0, 40).mapToObj(i -> id(4000)).toList());
    assertAlike(
        "inputs.x { column = x, type = int32, shape = [40] }, label.classes = 2",
        List.of(exported("text_lstm"), gradients("text_lstm")));
  }

  private void assertAlike(String data, List<String> models) throws IOException {
    List<JsonNode> histories = new ArrayList<>();
    for (String model : models) {
      CommandRun run = train(data, model);
      assertThat(run.code()).as(run.err()).isZero();
      histories.add(run.json().get("history"));
    }
    for (int epoch = 0; epoch < 2; epoch++) {
      double expected = histories.get(0).get(epoch).get("loss").asDouble();
      for (JsonNode history : histories) {
        assertThat(history.get(epoch).get("loss").asDouble()).isCloseTo(expected, within(1e-5));
      }
    }
    assertThat(histories.get(0).get(1).get("training_loss").asDouble())
        .isLessThan(histories.get(0).get(0).get("training_loss").asDouble());
  }

  private CommandRun train(String data, String model) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("job.conf"),
            """
            name = shared
            data {
              train = "%1$s/rows.json"
              validation = "%1$s/rows.json"
              label.column = y
              %2$s
            }
            model.%3$s
            training {
              epochs = 2, batch-size = 16, precision = float32, optimizer.sgd.learning-rate = 0.05
            }
            averaging { replicas = 1, local-steps = 3 }
            output.model = "%1$s/model"
            """
                .formatted(directory, data, model));
    return CommandRun.of(
        List.of(
            "train",
            file.toString(),
            "--run-dir=" + directory.resolve("run"),
            "--master=local[2]"));
  }

  private static String keras(String name) {
    return "keras.path = \"%s\"".formatted(MODELS.resolve(name).resolve("model.keras"));
  }

  private static String exported(String name) {
    return "saved-model.path = \"%s\"".formatted(MODELS.resolve(name).resolve("keras_export"));
  }

  private static String gradients(String name) {
    return "saved-model { path = \"%s\", output = output, gradients {} }"
        .formatted(MODELS.resolve(name).resolve("saved_model"));
  }

  private interface Columns {
    String row();
  }

  private void write(int classes, Columns columns) throws IOException {
    Files.writeString(
        directory.resolve("rows.json"),
        IntStream.range(0, ROWS)
            .mapToObj(i -> "{%s,\"y\":%d}".formatted(columns.row(), id(classes)))
            .collect(Collectors.joining("\n")));
  }

  private float number() {
    return Math.round(random.nextGaussian() * 100) / 100f;
  }

  private int id(int below) {
    return random.nextInt(below);
  }
}
