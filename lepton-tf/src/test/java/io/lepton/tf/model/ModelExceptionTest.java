package io.lepton.tf.model;

import static io.lepton.tf.model.Models.CLASS;
import static io.lepton.tf.model.Models.SGD;
import static io.lepton.tf.model.Models.binary;
import static io.lepton.tf.model.Models.classifier;
import static io.lepton.tf.model.Models.dense;
import static io.lepton.tf.model.Models.features;
import static io.lepton.tf.model.Models.image;
import static io.lepton.tf.model.Models.regression;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelExceptionTest {
  @Test
  void aDenseLayerOnAnImageNeedsAFlatten() {
    assertRefused(
        classifier(image(28, 28, 1), 10, new Layer.Rescaling(1, 0), dense(10)),
        "softmax over 10 classes wants outputs of shape [10], but layer 1 (dense) gives [28, 28, 10];"
            + " put a flatten before it and end with a dense layer of units = 10");
  }

  @Test
  void aConvolutionNeedsAnImage() {
    assertRefused(
        classifier(features(784), 10, convolution(3), dense(10)),
        "layer 0: conv2d takes an input of shape [height, width, channels], but was given [784];"
            + " give the input column such a shape");
  }

  @Test
  void aPoolNeedsAnImage() {
    assertRefused(
        classifier(
            image(8, 8, 1),
            10,
            new Layer.Flatten(),
            new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID),
            dense(10)),
        "layer 1: max-pooling2d takes an input of shape [height, width, channels], but was given"
            + " [64]; give the input column such a shape");
  }

  @Test
  void aWindowMustFitIntoItsInput() {
    assertRefused(
        classifier(image(5, 3, 1), 10, convolution(4), new Layer.Flatten(), dense(10)),
        "layer 0: conv2d takes an input of at least [4, 4, channels], but was given [5, 3, 1];"
            + " use a smaller window or padding = same");
  }

  @Test
  void whatAFlattenGivesMustBeCountable() {
    assertRefused(
        classifier(
            image(64, 64, 1),
            10,
            new Layer.Conv2d(1 << 20, 1, 1, Padding.SAME, Activation.LINEAR, true),
            new Layer.Flatten(),
            dense(10)),
        "layer 1: flatten takes an input of at most 2147483647 elements, but was given"
            + " [64, 64, 1048576]; pool before it");
  }

  @Test
  void theLastLayerMustGiveALogitForEachClass() {
    assertRefused(
        classifier(features(4), 10, dense(8), dense(7)),
        "softmax over 10 classes wants outputs of shape [10], but layer 1 (dense) gives [7];"
            + " end with a dense layer of units = 10");
  }

  @Test
  void theLastLayerMustGiveOneLogitForSigmoid() {
    assertRefused(
        binary(image(2, 2, 1), new Layer.Flatten(), dense(2), new Layer.Dropout(0.5)),
        "sigmoid wants outputs of shape [1], but layer 2 (dropout) gives [2];"
            + " end with a dense layer of units = 1");
  }

  @Test
  void theLastLayerMustGiveOneNumberForSquaredError() {
    assertRefused(
        regression(image(3, 3, 1), convolution(2)),
        "squared error wants outputs of shape [1], but layer 0 (conv2d) gives [2, 2, 4];"
            + " put a flatten before it and end with a dense layer of units = 1");
  }

  @Test
  void aClassLabelMustBeAnInteger() {
    ColumnSpec label = new ColumnSpec("kind", ElementType.FLOAT32, List.of());
    assertRefused(
        spec(label, new Loss.Softmax(3), dense(3)),
        "softmax over 3 classes wants a label of type UINT8, INT32 or INT64, but 'kind' has"
            + " FLOAT32; give the class number, or use squared error for a measured value");
    assertRefused(
        spec(label, new Loss.Sigmoid(), dense(1)),
        "sigmoid wants a label of type UINT8, INT32 or INT64, but 'kind' has FLOAT32; give the"
            + " class number, or use squared error for a measured value");
  }

  @Test
  void aMeasuredLabelMustBeFloat32() {
    assertRefused(
        spec(CLASS, new Loss.SquaredError(), dense(1)),
        "squared error wants a label of type FLOAT32, but 'label' has INT32; give a measured"
            + " value, or use softmax or sigmoid for a class");
  }

  @Test
  void outputsMustFitTheShapeOfTheLabel() {
    ColumnSpec pixels = new ColumnSpec("pixels", ElementType.UINT8, List.of(4, 3));
    assertRefused(
        spec(pixels, new Loss.Sigmoid(), dense(5)),
        "sigmoid wants outputs of shape [4, 3, 1] or [4, 3], but layer 0 (dense) gives [5];"
            + " end with a layer that gives that, or give the label the shape that fits");
    ColumnSpec vector = new ColumnSpec("vector", ElementType.FLOAT32, List.of(2));
    assertRefused(
        spec(vector, new Loss.SquaredError(), dense(3)),
        "squared error wants outputs of shape [2], but layer 0 (dense) gives [3];"
            + " end with a layer that gives that, or give the label the shape that fits");
  }

  @Test
  void columnsMustHaveDifferentNames() {
    ColumnSpec weight = new ColumnSpec("weight", ElementType.FLOAT32, List.of(2));
    assertRefused(
        Models.weighted(binary(weight, dense(1))),
        "inputs, labels and weight must have different names, but were: [weight, label, weight];"
            + " rename 'weight'");
    ColumnSpec label = new ColumnSpec("label", ElementType.FLOAT32, List.of(2));
    assertRefused(
        binary(label, dense(1)),
        "inputs, labels and weight must have different names, but were: [label, label];"
            + " rename 'label'");
  }

  @Test
  void thereMustBeSomethingToLearn() {
    assertRefused(
        regression(features(1), new Layer.Dropout(0.5)),
        "a model must have a layer with weights, but had: [dropout]; add a dense layer");
    assertRefused(
        regression(features(1)),
        "a model must have a layer with weights, but had: []; add a dense layer");
  }

  @Test
  void aVectorMustFitOutsideTheHeap() {
    ModelSpec spec = regression(features(20_000), dense(10_000), dense(1));
    assertRefused(
        Models.with(spec, new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7)),
        "weights and optimizer state must stay below the 2.0 GiB that the JVM may take outside its"
            + " heap, but were 2.2 GiB, most of it for dense_0/kernel [20000, 10000]; give the driver"
            + " a larger heap or -XX:MaxDirectMemorySize, or use fewer units or filters there, or an"
            + " optimizer with less state");
  }

  @Test
  void aWeightMustHaveFewerElementsThanAnArrayCanHold() {
    assertRefused(
        regression(features(50_000), dense(50_000), dense(1)),
        "a weight must have fewer than 2^31 elements, but dense_0/kernel [50000, 50000] has"
            + " 2500000000; use fewer units or filters there, or divide it into several layers");
  }

  private static ModelSpec spec(ColumnSpec label, Loss loss, Layer... layers) {
    return ModelSpec.chain(features(4), label, false, List.of(layers), loss, SGD);
  }

  private static Layer convolution(int kernelSize) {
    return new Layer.Conv2d(4, kernelSize, 1, Padding.VALID, Activation.RELU, true);
  }

  private static void assertRefused(ModelSpec spec, String message) {
    assertThatThrownBy(() -> ModelCompiler.compile(spec, 0))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }
}
