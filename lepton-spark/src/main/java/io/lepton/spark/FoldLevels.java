package io.lepton.spark;

import java.util.ArrayList;
import java.util.List;

/**
 * How a number of deltas is folded: all at once, or, where they are many, as a tree of means of
 * neighbours. It depends on no cluster, so that the bits of the mean do not either.
 *
 * @param sizes how many there are at each level: deltas first, what the driver folds last
 */
record FoldLevels(List<Integer> sizes) {
  FoldLevels {
    sizes = List.copyOf(sizes);
  }

  /**
   * Levels for so many deltas.
   *
   * @param width of which no fold has more, at least 2
   */
  static FoldLevels of(int deltas, int width) {
    if (width < 2) {
      throw new IllegalArgumentException("a fold's width must be at least 2, but was: " + width);
    }
    List<Integer> sizes = new ArrayList<>();
    int size = deltas;
    for (sizes.add(size); size > width; sizes.add(size)) {
      size = (size + width - 1) / width;
    }
    return new FoldLevels(sizes);
  }

  /** The level that the driver folds; 0 if that is the deltas. */
  int top() {
    return sizes.size() - 1;
  }

  int size(int level) {
    return sizes.get(level);
  }

  /** The first one of the level below that is folded to one of a level; for one more, the end. */
  int first(int level, int index) {
    return (int) ((long) index * size(level - 1) / size(level));
  }

  /** The most that one of a level is folded of. */
  int widest(int level) {
    return (size(level - 1) + size(level) - 1) / size(level);
  }
}
