package io.lepton.tf;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.FlatVector;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A model compiled for training, as data: a graph with gradients and optimizer inside, and the
 * names of its ports. Executors import the bytes; they build nothing and differentiate nothing.
 *
 * <p>The data of many steps is loaded as chunks, one into each slot (a tensor {@code [n, …]} for
 * each column, assigned to variables of the session, which on a CPU alias the memory lent); a step
 * then names its batch by row indices into the chunks, gathered on the device. Shuffling therefore
 * moves nothing on the host.
 *
 * @param graphDef a serialized {@code GraphDef}
 * @param columns what a chunk consists of, in order: inputs, labels, and the weight if there is one
 * @param slots places for chunks, at least one
 * @param indices int32 {@code [batch]}: rows of the chunk in the first slot, then of that in the
 *     next and so on
 * @param counts int32 {@code [slots]}: how many of the indices are of each slot; null if there is
 *     but one
 * @param learningRate float32 scalar
 * @param step int64 scalar: steps that the optimizer's state has seen before this one, from 0
 * @param seed int64 {@code [3]}: seed, number of the step, key of the epoch. Dropout depends on the
 *     first two, augmentation on the last and the numbers of the examples
 * @param trainOp takes one step
 * @param trainSummary float32 vector of the training batch before the update: sum of weighted
 *     losses, sum of weights, then the sums of the first metrics, those cheap enough for each step
 * @param evaluateSummary the same with dropout off, nothing updated, and the sums of all metrics
 * @param metrics in the order of their sums
 * @param variables in the order of the flat vector
 * @param assignOp assigns all variables from their feeds
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingProgram(
    byte[] graphDef,
    List<ColumnSpec> columns,
    List<Slot> slots,
    String indices,
    String counts,
    String learningRate,
    String step,
    String seed,
    String trainOp,
    String trainSummary,
    String evaluateSummary,
    List<Metric> metrics,
    List<Variable> variables,
    String assignOp)
    implements Serializable {
  private static final int DIGESTED_AT_ONCE = 1 << 20;

  /**
   * The ports of a place for one chunk.
   *
   * @param columnFeeds a placeholder for each column
   * @param firstExample int64 scalar, fed with the columns: number of the chunk's first example in
   *     its data set, from which the others count up
   * @param stageOp keeps on the device what the column and first example feeds are fed, beside what
   *     is loaded
   * @param loadOp makes what is staged the slot's chunk, without a copy; nothing is staged then
   */
  public record Slot(List<String> columnFeeds, String firstExample, String stageOp, String loadOp)
      implements Serializable {
    public Slot {
      columnFeeds = List.copyOf(columnFeeds);
    }
  }

  public TrainingProgram {
    columns = List.copyOf(columns);
    slots = List.copyOf(slots);
    metrics = List.copyOf(metrics);
    variables = List.copyOf(variables);
  }

  /** Elements of the flat vector, padding included. */
  public long vectorSize() {
    if (variables.isEmpty()) {
      return 0;
    }
    Variable last = variables.get(variables.size() - 1);
    return roundUp(last.offset() + last.size());
  }

  /** Elements of the vector before the state of the optimizer, padding included. */
  public long sizeWithoutOptimizer() {
    return variables.stream()
        .filter(variable -> variable.role() == Variable.Role.OPTIMIZER_STATE)
        .mapToLong(Variable::offset)
        .findFirst()
        .orElse(vectorSize());
  }

  /** The next offset a variable may start at. */
  public static long roundUp(long elements) {
    return (elements + 15) & -16L;
  }

  /** Number of elements of the model's own weights and state. */
  public long weights() {
    return variables.stream().filter(Variable::ofModel).mapToLong(Variable::size).sum();
  }

  /** SHA-256 of the graph, in hex: sessions of equal programs can be shared. */
  public String fingerprint() {
    return HexFormat.of().formatHex(sha256().digest(graphDef));
  }

  /**
   * SHA-256 of the weights and state in a vector, little-endian, in the order of the variables; in
   * hex.
   */
  public String weightsSha256(FlatVector vector) {
    MessageDigest digest = sha256();
    for (Variable variable : variables) {
      if (variable.ofModel()) {
        vector
            .part(variable.offset(), variable.size())
            .parts(DIGESTED_AT_ONCE)
            .forEach(part -> digest.update(part.bytes()));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
