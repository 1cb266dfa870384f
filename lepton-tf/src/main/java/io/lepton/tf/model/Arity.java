package io.lepton.tf.model;

/**
 * How many inputs a layer takes.
 *
 * @param least of them
 * @param most of them
 */
public record Arity(int least, int most) {
  static final Arity ONE = new Arity(1, 1);

  static Arity atLeast(int least) {
    return new Arity(least, Integer.MAX_VALUE);
  }

  boolean allows(int inputs) {
    return least <= inputs && inputs <= most;
  }

  /** In words, such as "1 input" or "2 or more inputs". */
  @Override
  public String toString() {
    if (least == most) {
      return least + (least == 1 ? " input" : " inputs");
    }
    return most == Integer.MAX_VALUE
        ? least + " or more inputs"
        : "%d to %d inputs".formatted(least, most);
  }
}
