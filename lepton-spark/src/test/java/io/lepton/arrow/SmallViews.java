package io.lepton.arrow;

/** Vectors that this process makes meanwhile lie across many views, as those over 2 GiB do. */
public final class SmallViews implements AutoCloseable {
  private SmallViews() {}

  /**
   * Until it is closed.
   *
   * @param elements of a view, a power of two
   */
  public static SmallViews of(int elements) {
    FlatVector.limitViews(elements);
    return new SmallViews();
  }

  @Override
  public void close() {
    FlatVector.limitViews(0);
  }
}
