package io.lepton.tf.keras;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KerasFileTest {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.weights.h5";

  @TempDir private Path temporary;
  private Path file;

  @BeforeEach
  void name() {
    file = temporary.resolve("model.keras");
  }

  @Test
  void fileThatIsNotThereIsTold() {
    assertThatThrownBy(() -> KerasFile.read(file)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void fileThatIsNoZipIsRefused() throws IOException {
    Files.writeString(file, "\u0089HDF\r\n");
    assertRefused("must be a zip, but was none");
  }

  @Test
  void fileThatLacksAPartIsRefused() throws IOException {
    Map<String, byte[]> parts = parts("images");
    parts.remove(CONFIG);
    write(parts);
    assertRefused(
        "must contain config.json, but does not; save the model by model.save('….keras') of Keras"
            + " 3");
  }

  @Test
  void fileOfAnotherKerasIsRefused() throws IOException {
    Map<String, byte[]> parts = parts("images");
    parts.put("metadata.json", bytes("{\"keras_version\": \"2.15.0\"}"));
    write(parts);
    assertRefused("keras_version must be 3.x, but was: 2.15.0");
  }

  @Test
  void configurationThatIsNoJsonIsRefused() throws IOException {
    Map<String, byte[]> parts = parts("images");
    parts.put(CONFIG, bytes("{\"class_name\": "));
    write(parts);
    assertRefused("config.json must be JSON, but was not: ");
  }

  @Test
  void weightsThatEndEarlyAreRefused() throws IOException {
    for (double kept : new double[] {0, 0.01, 0.5, 0.9}) {
      Map<String, byte[]> parts = parts("images");
      byte[] whole = parts.get(WEIGHTS);
      parts.put(WEIGHTS, Arrays.copyOf(whole, (int) (kept * whole.length)));
      write(parts);
      assertRefused("model.weights.h5 must ");
    }
  }

  @Test
  void weightsOfAnotherModelAreRefused() throws IOException {
    Map<String, byte[]> parts = parts("images");
    parts.put(WEIGHTS, parts("nested").get(WEIGHTS));
    write(parts);
    assertRefused(
        "model.weights.h5 must have the values at /layers/conv2d/vars/0, but they cannot be read");
  }

  @Test
  void everyLayerAndOptionThatLeptonDoesNotKnowIsTold() throws IOException {
    edit("images", "\"class_name\": \"Flatten\"", "\"class_name\": \"Lambda\"");
    edit(
        "\"strides\": [2, 2], \"padding\": \"same\"", "\"strides\": [2, 1], \"padding\": \"same\"");
    edit("\"groups\": 1", "\"groups\": 3");
    edit("\"activation\": \"silu\"", "\"activation\": \"hard_tanh\"");
    edit("\"kernel_constraint\": null", "\"kernel_constraint\": {\"class_name\": \"NonNeg\"}");
    assertRefused(
        "groups of layer 'first' (Conv2D) must be 1, but was: 3; strides of layer 'first' (Conv2D)"
            + " must be the same in all directions, but was: [2, 1]; activation of layer 'first'"
            + " (Conv2D) must be one of [linear, relu, ");
    assertRefused(
        "but was: hard_tanh; kernel_constraint of layer 'first' (Conv2D) must be MaxNorm of axis 0, but"
            + " was: ");
    assertRefused("layer 'flatten' (Lambda) must be one of Activation, Add, ");
    assertRefused("; replace them in Keras, or export the model as a SavedModel and train that");
  }

  @Test
  void valuesThatCannotBeAreTold() throws IOException {
    edit("images", "\"rate\": 0.5", "\"rate\": 1.5");
    assertRefused(
        "layer 'dropout' (Dropout) has an option that cannot be: rate must be in [0, 1), but was:"
            + " 1.5");
  }

  @Test
  void customLayersAreRefused() throws IOException {
    edit(
        "images",
        "\"module\": \"keras.layers\", \"class_name\": \"Dropout\"",
        "\"module\": \"my.code\", \"class_name\": \"Dropout\"");
    assertRefused("layer 'dropout' (Dropout) must be of keras.layers, but was of my.code");
  }

  @Test
  void typesOfWeightsThatAreNotFloat32AreRefused() throws IOException {
    edit(
        "images",
        "\"name\": \"dropout\", \"trainable\": true, \"dtype\": {\"module\": \"keras\","
            + " \"class_name\": \"DTypePolicy\", \"config\": {\"name\": \"float32\"}",
        "\"name\": \"dropout\", \"trainable\": true, \"dtype\": {\"module\": \"keras\","
            + " \"class_name\": \"DTypePolicy\", \"config\": {\"name\": \"float64\"}");
    assertRefused(
        "dtype of layer 'dropout' (Dropout) must be one of [float32, mixed_bfloat16,"
            + " mixed_float16], but was: ");
  }

  @Test
  void sharedLayersAreRefused() throws IOException {
    edit(
        "functional",
        "\"name\": \"words\", \"inbound_nodes\": [",
        "\"name\": \"words\", \"inbound_nodes\": [{\"args\": [], \"kwargs\": {}}, ");
    assertRefused("layer 'words' (Embedding) must be called once, but is shared by 2 calls");
  }

  @Test
  void inputsOfUnknownLengthAreRefused() throws IOException {
    edit("functional", "\"batch_shape\": [null, 6]", "\"batch_shape\": [null, null]");
    assertRefused(
        "input 'ids' must have a type and a shape that are known, but was: int32 [null,null]");
  }

  @Test
  void recurrentLayersThatLeptonCannotComputeAreRefused() throws IOException {
    edit("training/masked_chain", "\"reset_after\": true", "\"reset_after\": false");
    edit("\"dropout\": 0.0", "\"dropout\": 0.2");
    edit("\"merge_mode\": \"sum\"", "\"merge_mode\": null");
    edit("\"go_backwards\": true", "\"go_backwards\": false");
    assertRefused("dropout of layer 'lstm' (LSTM) must be 0, but was: 0.2");
    assertRefused("reset_after of layer 'forward_gru' (GRU) must be true, but was: false");
    assertRefused(
        "layer 'bidirectional' (Bidirectional) must have two layers that differ in their direction"
            + " only, but has ");
    assertRefused(
        "merge_mode of layer 'bidirectional' (Bidirectional) must be ave or concat or mul or sum,"
            + " but was: null");
  }

  @Test
  void layersThatComputeSomethingElseUnderAMaskAreRefused() throws IOException {
    edit(
        "training/masked_chain",
        "\"class_name\": \"LayerNormalization\"",
        "\"class_name\": \"BatchNormalization\"");
    assertRefused(
        "layer 'layer_normalization' (BatchNormalization) must have no mask, as Lepton's does not"
            + " look at one, but has that of 'x'");
  }

  @Test
  void maskedStepsOfAttentionThatSomethingLooksAtAreRefused() throws IOException {
    edit(
        "training/attention",
        "\"class_name\": \"GlobalAveragePooling1D\"",
        "\"class_name\": \"GlobalMaxPooling1D\"");
    assertRefused(
        "layer 'global_average_pooling1d' (GlobalMaxPooling1D) must not look at masked steps that"
            + " come out of attention, as Keras gives them other values; put a layer before it that"
            + " leaves them out");
  }

  @Test
  void operationsThatAreNoMasksOfIdsAreRefused() throws IOException {
    edit("training/attention", "\"class_name\": \"NotEqual\"", "\"class_name\": \"Equal\"");
    assertRefused("(Equal) must be a layer of keras.layers, but is an operation on tensors");
  }

  @Test
  void regularizersThatLeptonDoesNotKnowAreRefused() throws IOException {
    edit("training/rules", "\"class_name\": \"L1L2\"", "\"class_name\": \"OrthogonalRegularizer\"");
    edit("\"max_value\": 0.8, \"axis\": 0", "\"max_value\": 0.8, \"axis\": 1");
    assertRefused("kernel_constraint of layer 'lstm' (LSTM) must be MaxNorm of axis 0, but was: ");
    assertRefused("kernel_regularizer of layer 'dense_1' (Dense) must be one of [L1, L1L2, L2]");
  }

  @Test
  void modelsThatAreNoGraphOfLayersAreRefused() throws IOException {
    edit("images", "\"class_name\": \"Sequential\"", "\"class_name\": \"Mine\"");
    assertRefused("model 'images' must be Sequential or Functional, but was: Mine");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(KerasFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  private void edit(String name, String from, String to) throws IOException {
    write(parts(name));
    edit(from, to);
  }

  /** Replaces the first occurrence in the configuration. */
  private void edit(String from, String to) throws IOException {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    try (InputStream in = Files.newInputStream(file)) {
      parts.putAll(parts(in));
    }
    String config = new String(parts.get(CONFIG), StandardCharsets.UTF_8);
    int at = config.indexOf(from);
    if (at < 0) {
      throw new AssertionError("no " + from + " in " + config);
    }
    parts.put(CONFIG, bytes(config.substring(0, at) + to + config.substring(at + from.length())));
    write(parts);
  }

  private void write(Map<String, byte[]> parts) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue());
      }
    }
  }

  private static Map<String, byte[]> parts(String name) throws IOException {
    try (InputStream in =
        KerasFileTest.class.getResourceAsStream("/io/lepton/tf/model/keras/" + name + ".keras")) {
      return parts(in);
    }
  }

  private static Map<String, byte[]> parts(InputStream in) throws IOException {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      parts.put(entry.getName(), zip.readAllBytes());
    }
    return parts;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
