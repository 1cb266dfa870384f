package io.lepton.arrow;

import org.bytedeco.javacpp.Pointer;

/** An address as JavaCPP wants it; owns nothing. */
final class NativeAddress extends Pointer {
  NativeAddress(long address) {
    super((Pointer) null);
    this.address = address;
  }
}
