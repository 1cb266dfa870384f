package io.lepton.spark.config;

import io.lepton.tf.model.ClassLoss;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.MeasuredLoss;
import io.lepton.tf.model.RankingLoss;
import java.util.Arrays;
import java.util.List;

/** The words for the loss; {@code auto} goes by the label and the last layer. */
enum LossWord {
  AUTO(Label.ANY),
  SOFTMAX(Label.CLASSES),
  SIGMOID(Label.TWO_CLASSES),
  FOCAL(Label.CLASSES),
  HINGE(Label.CLASSES),
  DICE(Label.CLASSES),
  DICE_CROSS_ENTROPY(Label.CLASSES),
  SQUARED_ERROR(Label.NUMBER),
  ABSOLUTE_ERROR(Label.NUMBER),
  HUBER(Label.NUMBER),
  LOG_COSH(Label.NUMBER),
  POISSON(Label.NUMBER),
  CONTRASTIVE(Label.TWO_CLASSES),
  TRIPLET(Label.ANY),
  BPR(Label.ANY),
  IN_BATCH_SOFTMAX(Label.ANY);

  /** What the label has to be. */
  enum Label {
    ANY,
    CLASSES,
    TWO_CLASSES,
    NUMBER
  }

  private final Label label;

  LossWord(Label label) {
    this.label = label;
  }

  /** All that may be given options. */
  static List<String> named() {
    return Arrays.stream(values()).filter(word -> word != AUTO).map(Display::word).toList();
  }

  Label label() {
    return label;
  }

  /** The names of its options. */
  List<String> options() {
    return switch (this) {
      case SOFTMAX -> List.of("label-smoothing");
      case SIGMOID -> List.of("label-smoothing", "positive-weight");
      case FOCAL -> List.of("gamma", "alpha");
      case HUBER -> List.of("delta");
      case CONTRASTIVE, TRIPLET -> List.of("margin");
      case IN_BATCH_SOFTMAX -> List.of("temperature");
      default -> List.of();
    };
  }

  Loss loss(int classes, LossOptions options) {
    return switch (this) {
      case AUTO -> throw new IllegalArgumentException("auto must be resolved by the label");
      case SOFTMAX -> new Loss.Softmax(classes, options.smoothing());
      case SIGMOID -> new Loss.Sigmoid(options.smoothing(), options.positiveWeight());
      case FOCAL -> new ClassLoss.Focal(classes, options.gamma(), options.alpha());
      case HINGE -> new ClassLoss.Hinge(classes);
      case DICE -> new ClassLoss.Dice(classes, false);
      case DICE_CROSS_ENTROPY -> new ClassLoss.Dice(classes, true);
      case SQUARED_ERROR -> new Loss.SquaredError();
      case ABSOLUTE_ERROR -> new MeasuredLoss.AbsoluteError();
      case HUBER -> new MeasuredLoss.Huber(options.delta());
      case LOG_COSH -> new MeasuredLoss.LogCosh();
      case POISSON -> new MeasuredLoss.Poisson();
      case CONTRASTIVE -> new RankingLoss.Contrastive(options.margin());
      case TRIPLET -> new RankingLoss.Triplet(options.margin());
      case BPR -> new RankingLoss.Bpr();
      case IN_BATCH_SOFTMAX -> new RankingLoss.InBatchSoftmax(options.temperature());
    };
  }
}
