package io.lepton.tf.zoo;

import java.util.List;
import java.util.Optional;

/**
 * What an architecture knows of one input.
 *
 * @param name that layers take it by
 * @param kind what its elements are
 * @param vocabulary ids and words are below it; 0 for all other kinds
 * @param shape of one example as prepared; empty as long as only the data knows it, which cannot be
 *     of an image or a sequence
 */
public record Feature(String name, Kind kind, int vocabulary, Optional<List<Integer>> shape) {
  /** What the elements of an input are. */
  public enum Kind {
    /** Of any shape; float32 for all layers. */
    NUMBERS("numbers"),
    /** Pixels from 0 to 255, {@code [height, width, channels]}. */
    IMAGE("an image"),
    /** Numbers of categories, one for each column: {@code [columns]}. */
    IDS("categories"),
    /** Numbers of words, {@code [length]}; 0 where there is none. */
    WORDS("a text"),
    /**
     * Steps of numbers, {@code [length]} or {@code [length, width]}, with a second input {@code
     * NAME.mask}, {@code [length]}, of 1 where there is a step, else 0.
     */
    SEQUENCE("a sequence");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  public Feature {
    shape = shape.map(List::copyOf);
    boolean ids = kind == Kind.IDS || kind == Kind.WORDS;
    if (ids != vocabulary > 0) {
      throw new IllegalArgumentException(
          "vocabulary must be positive for ids and words and 0 for all else, but was %d for %s"
              .formatted(vocabulary, kind.words));
    }
    boolean shaped = kind == Kind.IMAGE || kind == Kind.SEQUENCE;
    if (shaped && shape.isEmpty()) {
      throw new IllegalArgumentException(
          "shape must be known of %s, but was not".formatted(kind.words));
    }
  }

  /** Numbers of a shape. */
  public static Feature numbers(String name, Integer... shape) {
    return new Feature(name, Kind.NUMBERS, 0, Optional.of(List.of(shape)));
  }

  /** An image. */
  public static Feature image(String name, int height, int width, int channels) {
    return new Feature(name, Kind.IMAGE, 0, Optional.of(List.of(height, width, channels)));
  }

  /** Categories of so many columns. */
  public static Feature ids(String name, int vocabulary, int columns) {
    return new Feature(name, Kind.IDS, vocabulary, Optional.of(List.of(columns)));
  }

  /** A text of so many words. */
  public static Feature words(String name, int vocabulary, int length) {
    return new Feature(name, Kind.WORDS, vocabulary, Optional.of(List.of(length)));
  }

  /** A sequence of a shape. */
  public static Feature sequence(String name, Integer... shape) {
    return new Feature(name, Kind.SEQUENCE, 0, Optional.of(List.of(shape)));
  }

  /** The name of a sequence's mask. */
  String mask() {
    return name + ".mask";
  }

  /** Its name, and its kind in words. */
  @Override
  public String toString() {
    return "%s (%s)".formatted(name, kind.words);
  }
}
