package io.lepton.spark.data;

/** How the bytes of an image are to be read. */
public enum ImageEncoding {
  /** Row-major uint8, all of one length. */
  RAW,
  /** PNG or JPEG, told apart by their first bytes. */
  ENCODED
}
