package io.lepton.tf;

import java.io.Serializable;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

/**
 * How many products of matrices and convolutions a step really consists of, by number format.
 *
 * @param counts by the format's name, as {@code bfloat16}
 */
public record HeavyOps(Map<String, Integer> counts) implements Serializable {
  private static final Pattern HEAVY = Pattern.compile("MatMul|Conv[123]D|DepthwiseConv2d|Einsum");

  public HeavyOps {
    counts = Map.copyOf(counts);
  }

  /** Counts those of graphs as a session runs them, its own rewritings included. */
  static HeavyOps of(Collection<GraphDef> graphs) {
    Map<String, Integer> counts = new TreeMap<>();
    graphs.stream()
        .flatMap(graph -> graph.getNodeList().stream())
        .filter(node -> HEAVY.matcher(node.getOp()).find())
        .forEach(node -> counts.merge(name(node.getAttrOrThrow("T").getType()), 1, Integer::sum));
    return new HeavyOps(counts);
  }

  /** Number of all. */
  public int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The share of those in fewer bits than float32; 0 if there are none at all. */
  public double lowShare() {
    int low = counts.getOrDefault("bfloat16", 0) + counts.getOrDefault("half", 0);
    return total() == 0 ? 0 : (double) low / total();
  }

  private static String name(DataType type) {
    return type.name().substring("DT_".length()).toLowerCase(Locale.ROOT);
  }
}
