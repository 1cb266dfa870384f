package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Architecture;
import io.lepton.tf.zoo.Feature;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassSectionTest {
  @TempDir Path directory;

  /** Makes nothing that could be a model. */
  public static final class Empty implements Architecture {
    @Override
    public List<Node> layers(List<Feature> inputs, List<Integer> output) {
      return Arrays.asList((Node) null);
    }
  }

  /** Makes a layer that fits no table. */
  public static final class Misfit implements Architecture {
    @Override
    public List<Node> layers(List<Feature> inputs, List<Integer> output) {
      return Node.chain(
          new Layer.Flatten(), new Layer.Dense(output.get(0) + 1, Activation.LINEAR, true));
    }
  }

  /** Has no constructor without parameters, and refuses its options. */
  public static final class Picky implements Architecture {
    public Picky(Map<String, Object> options) {
      throw new IllegalArgumentException("depth must be odd, but was: " + options.get("depth"));
    }

    @Override
    public List<Node> layers(List<Feature> inputs, List<Integer> output) {
      return List.of();
    }
  }

  /** Cannot be constructed from outside. */
  public static final class Hidden implements Architecture {
    private Hidden() {}

    @Override
    public List<Node> layers(List<Feature> inputs, List<Integer> output) {
      return List.of();
    }
  }

  /** Fails without meaning to. */
  public static final class Broken implements Architecture {
    @Override
    public List<Node> layers(List<Feature> inputs, List<Integer> output) {
      return Node.chain(new Layer.Dense(output.get(1), Activation.LINEAR, true));
    }
  }

  @Test
  void aClassMakesTheLayersWithAndWithoutOptions() {
    assertThat(load("model.class = \"%s\"".formatted(OwnNetwork.class.getName())).layers())
        .isEqualTo(network(4));
    assertThat(
            load("model.class { name = \"%s\", options { width = 7 } }"
                    .formatted(OwnNetwork.class.getName()))
                .layers())
        .isEqualTo(network(7));
  }

  @Test
  void optionsStayInTheEffectiveConfigurationAndSecretsAmongThemAreMasked() {
    JobConfiguration job =
        load(
            "model.class { name = \"%s\", options { width = 7, deep { token = abc, a = [1] } } }"
                .formatted(OwnNetwork.class.getName()));

    assertThat(job.effective())
        .contains("name = \"%s\"".formatted(OwnNetwork.class.getName()))
        .contains("options = {\"deep\":{\"a\":[1],\"token\":\"******\"},\"width\":7}");
    assertThat(JobFile.of(directory, job.effective()).load().layers()).isEqualTo(network(7));
  }

  @Test
  void aClassThatCannotBeUsedIsAProblemThatSaysWhy() {
    assertThat(problem("model.class = \"com.example.Net\""))
        .isEqualTo(
            "model.class = \"com.example.Net\" (job.conf: 9): is not a class on the class path;"
                + " give its full name, and its jar by LEPTON_JARS or --jars");
    assertThat(problem("model.class = \"java.lang.String\""))
        .endsWith(
            "is a class that is no io.lepton.tf.zoo.Architecture;"
                + " let it implement io.lepton.tf.zoo.Architecture");
    assertThat(problem(of(Hidden.class)))
        .endsWith("has no public constructor without parameters; give it one");
    assertThat(problem("model.class { name = \"%s\", options.a = 1 }".formatted(name(Empty.class))))
        .startsWith("model.class.name = ")
        .endsWith(
            "has no public constructor that takes a Map<String, Object> of options;"
                + " give it one, or set no options");
    assertThat(problem("model.class { name = \"%s\", options = 3 }".formatted(name(Misfit.class))))
        .isEqualTo(
            "model.class.options = 3 (job.conf: 9): must be an object; write it in braces: { … }");
    assertThat(problem("model.class { options {} }"))
        .startsWith("model.class.name (job.conf: 9): must be set");
  }

  @Test
  void whatAClassDoesIsTold() {
    assertThat(
            problem(
                "model.class { name = \"%s\", options { depth = 2 } }"
                    .formatted(name(Picky.class))))
        .endsWith("depth must be odd, but was: 2; mend the class or its options");
    assertThat(problem(of(Empty.class)))
        .endsWith(
            "must make one layer or more, none of them null, but made: [null]; mend the class");
    assertThat(problem(of(Broken.class)))
        .contains("threw java.lang.IndexOutOfBoundsException")
        .endsWith("; mend the class or its options");
    assertThat(problem(of(Misfit.class)))
        .contains("layer 'dense_1' gives [2], but training.loss wants [1]");
  }

  private static List<Node> network(int width) {
    return Node.chain(
        new Layer.Dense(width, Activation.TANH, true), new Layer.Dense(1, Activation.LINEAR, true));
  }

  private static String of(Class<?> type) {
    return "model.class = \"%s\"".formatted(name(type));
  }

  private static String name(Class<?> type) {
    return type.getName();
  }

  private JobConfiguration load(String line) {
    return JobFile.minimalAnd(directory, "model.layers = null, " + line).load();
  }

  private String problem(String line) {
    return JobFile.minimalAnd(directory, "model.layers = null, " + line).problems().get(0);
  }
}
