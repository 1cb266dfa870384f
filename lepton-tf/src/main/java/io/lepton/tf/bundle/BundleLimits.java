package io.lepton.tf.bundle;

/**
 * How large a bundle may be before it is refused unread.
 *
 * @param files in it
 * @param textBytes of each JSON file
 * @param bytes of all files together
 */
public record BundleLimits(int files, long textBytes, long bytes) {
  /** A thousand files, 64 MiB of JSON each, 64 GiB together. */
  public static final BundleLimits DEFAULT = new BundleLimits(1000, 64L << 20, 64L << 30);

  public BundleLimits {
    if (files <= 0 || textBytes <= 0 || bytes <= 0) {
      throw new IllegalArgumentException(
          "limits of a bundle must be positive, but were: %d files, %d and %d bytes"
              .formatted(files, textBytes, bytes));
    }
  }
}
