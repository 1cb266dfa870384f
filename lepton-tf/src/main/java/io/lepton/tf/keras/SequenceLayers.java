package io.lepton.tf.keras;

import io.lepton.tf.model.AttentionLayer;
import io.lepton.tf.model.RecurrentLayer;
import io.lepton.tf.model.RecurrentLayer.Cell;
import io.lepton.tf.model.RecurrentLayer.Merge;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Recurrent layers and attention. */
final class SequenceLayers {
  static final Map<String, Function<LayerOptions, MappedLayer>> CLASSES =
      Map.of(
          "Bidirectional", SequenceLayers::bidirectional,
          "GRU", SequenceLayers::oneWay,
          "LSTM", SequenceLayers::oneWay,
          "MultiHeadAttention", SequenceLayers::attention);

  private static final Map<String, Merge> MERGES =
      new TreeMap<>(
          Map.of("ave", Merge.AVE, "concat", Merge.CONCAT, "mul", Merge.MUL, "sum", Merge.SUM));
  private static final List<String> HEADS = List.of("query", "key", "value");

  private SequenceLayers() {}

  private static MappedLayer oneWay(LayerOptions options) {
    options.require("zero_output_for_mask", false);
    RecurrentLayer layer = direction(options);
    return weights(options, MappedLayer.of(layer), "", "").masking(masking(layer));
  }

  private static MappedLayer bidirectional(LayerOptions options) {
    LayerOptions forward = options.layer("layer");
    LayerOptions backward = options.layer("backward_layer");
    if (options.trainable()) {
      forward.require("trainable", true);
      backward.require("trainable", true);
    }
    RecurrentLayer.OneWay ahead = inside(forward);
    RecurrentLayer.OneWay behind = inside(backward);
    RecurrentLayer.OneWay mirrored =
        new RecurrentLayer.OneWay(behind.cell(), behind.units(), behind.returnSequences(), false);
    if (!behind.goBackwards() || !ahead.equals(mirrored)) {
      options.refuse(
          "must have two layers that differ in their direction only, but has %s and %s"
              .formatted(ahead, behind));
    }
    options.require("merge_mode", MERGES.keySet().toArray());
    RecurrentLayer layer =
        new RecurrentLayer.Bidirectional(
            ahead.cell(),
            ahead.units(),
            ahead.returnSequences(),
            MERGES.getOrDefault(options.get("merge_mode").asText(), Merge.CONCAT));
    MappedLayer mapped = MappedLayer.of(layer).masking(masking(layer));
    mapped = weights(forward, mapped, "forward_layer/", "forward/");
    mapped = weights(backward, mapped, "backward_layer/", "backward/");
    forward.finish();
    backward.finish();
    return mapped;
  }

  private static RecurrentLayer.OneWay inside(LayerOptions options) {
    options.get("zero_output_for_mask");
    if (!List.of("GRU", "LSTM").contains(options.className())) {
      options.refuse("must be GRU or LSTM inside Bidirectional");
    }
    return direction(options);
  }

  private static RecurrentLayer.OneWay direction(LayerOptions options) {
    Cell cell = options.className().equals("GRU") ? Cell.GRU : Cell.LSTM;
    options.require("activation", "tanh");
    options.require("recurrent_activation", "sigmoid");
    options.require("use_bias", true);
    options.require("dropout", 0);
    options.require("recurrent_dropout", 0);
    options.require("return_state", false);
    options.require("stateful", false);
    options.get("unroll");
    if (cell == Cell.GRU) {
      options.require("reset_after", true);
    } else {
      options.get("unit_forget_bias");
    }
    return new RecurrentLayer.OneWay(
        cell,
        options.integer("units"),
        options.flag("return_sequences"),
        options.flag("go_backwards"));
  }

  private static MappedLayer weights(
      LayerOptions options, MappedLayer layer, String group, String prefix) {
    return layer
        .weight(group + "cell/vars/0", prefix + "kernel", WeightRules.of(options, "kernel"))
        .weight(
            group + "cell/vars/1",
            prefix + "recurrent-kernel",
            WeightRules.of(options, "recurrent"))
        .weight(group + "cell/vars/2", prefix + "bias", WeightRules.of(options, "bias"));
  }

  private static Masking masking(RecurrentLayer layer) {
    return layer.returnSequences() ? Masking.READS_AND_KEEPS : Masking.READS;
  }

  private static MappedLayer attention(LayerOptions options) {
    options.require("attention_axes", "[1]");
    options.require("use_gate", false);
    boolean useBias = options.flag("use_bias");
    WeightRules kernel = WeightRules.of(options, "kernel");
    WeightRules bias = WeightRules.of(options, "bias");
    MappedLayer mapped =
        MappedLayer.of(
            new AttentionLayer.MultiHeadAttention(
                options.integer("num_heads"),
                options.integer("key_dim"),
                options.integer("value_dim"),
                options.number("dropout"),
                useBias,
                options.call().causal()));
    for (String head : HEADS) {
      mapped = dense(mapped, head + "_dense", head, kernel, bias, useBias);
    }
    return dense(mapped, "output_dense", "attention-output", kernel, bias, useBias)
        .masking(Masking.ATTENDS);
  }

  private static MappedLayer dense(
      MappedLayer layer,
      String group,
      String name,
      WeightRules kernel,
      WeightRules bias,
      boolean useBias) {
    MappedLayer mapped = layer.weight(group + "/vars/0", name + "/kernel", kernel);
    return useBias ? mapped.weight(group + "/vars/1", name + "/bias", bias) : mapped;
  }
}
