package io.lepton.spark.config;

import io.lepton.tf.model.Activation;
import io.lepton.tf.zoo.Architecture;
import io.lepton.tf.zoo.AutoEncoder;
import io.lepton.tf.zoo.BiLstm;
import io.lepton.tf.zoo.DeepFm;
import io.lepton.tf.zoo.Mlp;
import io.lepton.tf.zoo.NeuMf;
import io.lepton.tf.zoo.Resnet;
import io.lepton.tf.zoo.SimpleCnn;
import io.lepton.tf.zoo.TextCnn;
import io.lepton.tf.zoo.TransformerEncoder;
import io.lepton.tf.zoo.TwoTower;
import io.lepton.tf.zoo.UNet;
import io.lepton.tf.zoo.WideAndDeep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads a model of the zoo: a name, or an object whose one key is the name, with its options. */
final class ZooSection {
  private static final Map<String, Function<Settings, Architecture>> ARCHITECTURES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(AutoEncoder.NAME, ZooSection::autoEncoder),
              Map.entry(BiLstm.NAME, ZooSection::biLstm),
              Map.entry(DeepFm.NAME, ZooSection::deepFm),
              Map.entry(Mlp.NAME, ZooSection::mlp),
              Map.entry(NeuMf.NAME, ZooSection::neuMf),
              Map.entry(Resnet.NAME, ZooSection::resnet),
              Map.entry(SimpleCnn.NAME, ZooSection::simpleCnn),
              Map.entry(TextCnn.NAME, ZooSection::textCnn),
              Map.entry(TransformerEncoder.NAME, ZooSection::transformerEncoder),
              Map.entry(TwoTower.NAME, ZooSection::twoTower),
              Map.entry(UNet.NAME, ZooSection::uNet),
              Map.entry(WideAndDeep.NAME, ZooSection::wideAndDeep)));

  private ZooSection() {}

  /** The architecture at a key, or empty after a problem. */
  static Optional<Architecture> read(String key, Settings model) {
    List<String> names = List.copyOf(ARCHITECTURES.keySet());
    if (model.isObject(key)) {
      return model
          .section(key)
          .variant(names)
          .flatMap(
              it -> it.settings().make(() -> ARCHITECTURES.get(it.kind()).apply(it.settings())));
    }
    return model
        .optional(key, Rule.oneOf(names, Function.identity()))
        .map(name -> ARCHITECTURES.get(name).apply(Settings.nothing()));
  }

  private static Architecture autoEncoder(Settings options) {
    AutoEncoder defaults = AutoEncoder.DEFAULT;
    return new AutoEncoder(
        units("hidden", defaults.hidden(), options),
        size("code", defaults.code(), options),
        options.optional("features", Rule.integer(1)).orElse(defaults.features()));
  }

  private static Architecture biLstm(Settings options) {
    BiLstm defaults = BiLstm.DEFAULT;
    return new BiLstm(
        embedding(defaults.embedding(), options),
        size("units", defaults.units(), options),
        dropout(defaults.dropout(), options));
  }

  private static Architecture deepFm(Settings options) {
    DeepFm defaults = DeepFm.DEFAULT;
    return new DeepFm(
        embedding(defaults.embedding(), options),
        units("hidden", defaults.hidden(), options),
        dropout(defaults.dropout(), options));
  }

  private static Architecture mlp(Settings options) {
    Mlp defaults = Mlp.DEFAULT;
    return new Mlp(
        units("hidden", defaults.hidden(), options),
        embedding(defaults.embedding(), options),
        options.orDefault("activation", defaults.activation(), Rule.word(Activation.class)),
        dropout(defaults.dropout(), options));
  }

  private static Architecture neuMf(Settings options) {
    NeuMf defaults = NeuMf.DEFAULT;
    return new NeuMf(
        embedding(defaults.embedding(), options),
        units("hidden", defaults.hidden(), options),
        dropout(defaults.dropout(), options));
  }

  private static Architecture resnet(Settings options) {
    Resnet defaults = Resnet.DEFAULT;
    return new Resnet(
        size("filters", defaults.filters(), options),
        size("blocks", defaults.blocks(), options),
        dropout(defaults.dropout(), options));
  }

  private static Architecture simpleCnn(Settings options) {
    SimpleCnn defaults = SimpleCnn.DEFAULT;
    return new SimpleCnn(
        size("filters", defaults.filters(), options), dropout(defaults.dropout(), options));
  }

  private static Architecture textCnn(Settings options) {
    TextCnn defaults = TextCnn.DEFAULT;
    return new TextCnn(
        embedding(defaults.embedding(), options),
        size("filters", defaults.filters(), options),
        units("lengths", defaults.lengths(), options),
        dropout(defaults.dropout(), options));
  }

  private static Architecture transformerEncoder(Settings options) {
    TransformerEncoder defaults = TransformerEncoder.DEFAULT;
    return new TransformerEncoder(
        size("width", defaults.width(), options),
        size("heads", defaults.heads(), options),
        size("blocks", defaults.blocks(), options),
        size("feed-forward", defaults.feedForward(), options),
        dropout(defaults.dropout(), options));
  }

  private static Architecture twoTower(Settings options) {
    TwoTower defaults = TwoTower.DEFAULT;
    return new TwoTower(
        options.orDefault("user", defaults.user(), Rule.oneOrMore(Rule.text())),
        embedding(defaults.embedding(), options),
        units("hidden", defaults.hidden(), options),
        size("width", defaults.width(), options));
  }

  private static Architecture uNet(Settings options) {
    UNet defaults = UNet.DEFAULT;
    return new UNet(
        size("filters", defaults.filters(), options),
        size("depth", defaults.depth(), options),
        dropout(defaults.dropout(), options));
  }

  private static Architecture wideAndDeep(Settings options) {
    WideAndDeep defaults = WideAndDeep.DEFAULT;
    return new WideAndDeep(
        embedding(defaults.embedding(), options),
        units("hidden", defaults.hidden(), options),
        dropout(defaults.dropout(), options));
  }

  private static int embedding(int fallback, Settings options) {
    return size("embedding", fallback, options);
  }

  private static int size(String key, int fallback, Settings options) {
    return options.orDefault(key, fallback, Rule.integer(1));
  }

  private static List<Integer> units(String key, List<Integer> fallback, Settings options) {
    return options.orDefault(key, fallback, Rule.oneOrMore(Rule.integer(1)));
  }

  private static double dropout(double fallback, Settings options) {
    return options.orDefault("dropout", fallback, Rule.number(Range.FRACTION));
  }
}
