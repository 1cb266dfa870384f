package io.lepton.arrow;

import java.util.function.Supplier;

/** Vectors that lie across many views, as those over 2 GiB do. */
public final class SmallViews {
  private SmallViews() {}

  /**
   * Does something for which this process makes such vectors.
   *
   * @param elements of a view, a power of two; 0 for views as large as they can be
   */
  public static <T> T within(int elements, Supplier<T> work) {
    FlatVector.limitViews(elements);
    try {
      return work.get();
    } finally {
      FlatVector.limitViews(0);
    }
  }
}
