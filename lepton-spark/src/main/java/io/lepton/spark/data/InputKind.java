package io.lepton.spark.data;

import io.lepton.arrow.ElementType;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** What the columns of an input hold, and how it becomes a tensor. */
public sealed interface InputKind extends Serializable {

  /**
   * Numbers: any number of scalar columns put side by side, {@code [columns]}; or one column of
   * arrays or of Spark ML vectors, all of one length, {@code [length]}.
   *
   * @param type of a stored element; null for float32, or float64 if a column is a timestamp
   * @param shape of one example; empty for {@code [columns]}, which arrays and vectors do not allow
   * @param options for every column
   * @param overrides by the name of a scalar column, instead of {@code options}
   */
  record Numbers(
      ElementType type,
      List<Integer> shape,
      NumberOptions options,
      Map<String, NumberOptions> overrides)
      implements InputKind {
    public Numbers {
      shape = List.copyOf(shape);
      overrides = Map.copyOf(overrides);
    }

    /** Numbers as they are, none of them missing. */
    public static Numbers plain(ElementType type, List<Integer> shape) {
      return new Numbers(type, shape, NumberOptions.PLAIN, Map.of());
    }

    /** The options of a column. */
    public NumberOptions options(String column) {
      return overrides.getOrDefault(column, options);
    }
  }

  /**
   * One column of arrays of any length, cut or padded to {@code [length]}, or to {@code [length,
   * width]} if {@code width} is above 1: then arrays hold the steps one after the other, row-major.
   * Brings a second input {@code NAME.mask}, uint8 {@code [length]}: 1 where there was a step.
   *
   * @param type of a stored element
   * @param length steps; longer arrays lose their end
   * @param width elements of a step
   * @param padding value of steps that were not there
   */
  record Sequence(ElementType type, int length, int width, double padding, Missing missing)
      implements InputKind {
    public Sequence {
      requirePositive("length", length);
      requirePositive("width", width);
    }
  }

  /**
   * One binary column of images, stored as uint8 {@code [height, width, channels]}.
   *
   * @param shape the three dimensions
   * @param encoding of the bytes
   */
  record Image(List<Integer> shape, ImageEncoding encoding, Missing missing) implements InputKind {
    public Image {
      shape = List.copyOf(shape);
    }
  }

  /**
   * Columns of text or whole numbers, each value a category: int32 ids {@code [columns]}. With a
   * dictionary, id 0 stands for values that it does not know, 1 for the most frequent one of the
   * training set, and so on; each column has its own.
   *
   * @param maxSize most values to keep of each column, the unknown one not counted
   * @param minCount values seen less often are left out
   * @param hashBuckets above 0: no dictionary, the id is a hash of the value below this number
   * @param oneHot whether the model sees {@code [sum of sizes]} zeros and ones instead of ids
   */
  record Categories(int maxSize, int minCount, int hashBuckets, boolean oneHot, Missing missing)
      implements InputKind {
    public Categories {
      requirePositive("max-size", maxSize);
      requirePositive("min-count", minCount);
    }

    /** A number that ids of every column are below, as far as it is known before the data is. */
    public int ids() {
      return hashBuckets > 0 ? hashBuckets : sum(maxSize, 1);
    }
  }

  /**
   * One column of text, cut into words: int32 ids {@code [length]}. Id 0 is padding, 1 a word the
   * vocabulary does not know, 2 the most frequent word of the training set, and so on.
   *
   * @param length words; longer texts lose their end
   * @param maxSize most words to keep
   * @param minCount words seen less often are left out
   * @param hashBuckets above 0: no vocabulary, a word's id is 2 plus its hash below this number
   * @param lowerCase whether case is ignored
   */
  record Text(
      int length, int maxSize, int minCount, int hashBuckets, boolean lowerCase, Missing missing)
      implements InputKind {
    public Text {
      requirePositive("length", length);
      requirePositive("max-size", maxSize);
      requirePositive("min-count", minCount);
    }

    /** A number that ids are below, as far as it is known before the data is. */
    public int ids() {
      return sum(hashBuckets > 0 ? hashBuckets : maxSize, 2);
    }
  }

  private static int sum(int size, int others) {
    return (int) Math.min(Integer.MAX_VALUE, (long) size + others);
  }

  private static void requirePositive(String option, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(option + " must be positive, but was: " + value);
    }
  }
}
