package io.lepton.tf.model;

import java.util.List;

/**
 * A layer that reads a sequence {@code [steps, channels]} step by step and keeps a state: {@code
 * [units]} after the last step, or {@code [steps, units]} after each.
 *
 * <p>A second input is a mask {@code [steps]} of 0 and 1; a step of 0 leaves the state as it was.
 * The graph holds each step once, so that its size grows with the steps.
 */
public sealed interface RecurrentLayer extends Layer {
  /** How a state follows from a step and the state before it. */
  enum Cell {
    /** Long short-term memory (Neural Computation 1997) with a forget gate. */
    LSTM(4),
    /** The gated recurrent unit (EMNLP 2014), the reset gate after the product with the state. */
    GRU(3);

    private final int parts;

    Cell(int parts) {
      this.parts = parts;
    }

    /** How many blocks of {@code units} columns its kernels have. */
    int parts() {
      return parts;
    }
  }

  /** How outputs of both directions become one. */
  enum Merge {
    /** Side by side, forward first. */
    CONCAT,
    SUM,
    /** The product. */
    MUL,
    /** The mean. */
    AVE
  }

  /** What a step is read by. */
  Cell cell();

  /** The size of a state. */
  int units();

  /** Whether the output of each step comes out, not only that of the last. */
  boolean returnSequences();

  /** How many elements an output has. */
  int width();

  @Override
  default Arity arity() {
    return new Arity(1, 2);
  }

  @Override
  default List<Integer> outputShape(List<List<Integer>> inputs) {
    List<Integer> input = Shapes.maskedSequence(kind(), inputs);
    return returnSequences() ? List.of(input.get(0), width()) : List.of(width());
  }

  /**
   * One direction. Weights as in Keras: {@code kernel} {@code [channels, parts·units]}, {@code
   * recurrent-kernel} {@code [units, parts·units]} and {@code bias}, of an LSTM {@code [4·units]}
   * in the order input, forget, candidate, output, of a GRU {@code [2, 3·units]} in the order
   * update, reset, candidate.
   *
   * @param goBackwards whether it starts at the last step; outputs are in the order of reading
   */
  record OneWay(Cell cell, int units, boolean returnSequences, boolean goBackwards)
      implements RecurrentLayer {
    public OneWay {
      requireUnits(units);
    }

    @Override
    public String kind() {
      return cell == Cell.LSTM ? "lstm" : "gru";
    }

    @Override
    public int width() {
      return units;
    }
  }

  /**
   * Both directions, each with weights of its own below {@code forward} and {@code backward}.
   * Outputs of sequences are in the order of the input, and zero at the steps that a mask leaves
   * out.
   */
  record Bidirectional(Cell cell, int units, boolean returnSequences, Merge merge)
      implements RecurrentLayer {
    public Bidirectional {
      requireUnits(units);
    }

    @Override
    public String kind() {
      return "bidirectional";
    }

    @Override
    public int width() {
      return merge == Merge.CONCAT ? 2 * units : units;
    }
  }

  private static void requireUnits(int units) {
    Shapes.requirePositive("units", units);
    int most = Integer.MAX_VALUE / Cell.LSTM.parts();
    if (units > most) {
      throw new IllegalArgumentException(
          "units must be at most %d, but was: %d".formatted(most, units));
    }
  }
}
