package io.lepton.spark.ingest;

import java.util.HexFormat;
import org.apache.spark.unsafe.types.UTF8String;

/** How bytes that are no UTF-8 are told. */
final class InvalidText {
  private static final int SHOWN = 16;

  private InvalidText() {}

  static String show(UTF8String text) {
    byte[] bytes = text.getBytes();
    return "0x%s%s"
        .formatted(
            HexFormat.of().formatHex(bytes, 0, Math.min(SHOWN, bytes.length)),
            bytes.length > SHOWN ? "…, %d bytes".formatted(bytes.length) : "");
  }
}
