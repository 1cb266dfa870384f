package io.lepton.spark.ingest;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Cuts text into words: runs of letters and digits, of any script, with the marks that combine with
 * them and apostrophes inside ({@code don't}). All else separates words and is dropped. The
 * typographic apostrophe counts as the plain one. Case is folded, if at all, code point by code
 * point, without regard to language. A script that does not separate its words gives long ones.
 *
 * <p>The text must be UTF-8. One thread; the word at hand is valid until the next.
 */
final class WordCutter {
  private static final int APOSTROPHE = '\'';
  private static final int TYPOGRAPHIC_APOSTROPHE = 0x2019;
  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = (byte) (Character.isLetterOrDigit(c) ? c : 0);
    }
  }

  private final boolean lowerCase;
  private byte[] word = new byte[64];
  private int length;
  private Object base;
  private long at;
  private long end;

  WordCutter(boolean lowerCase) {
    this.lowerCase = lowerCase;
  }

  void start(UTF8String text) {
    base = text.getBaseObject();
    at = text.getBaseOffset();
    end = at + text.numBytes();
  }

  /** The next word, over memory that is used again; null at the end. */
  UTF8String next() {
    length = 0;
    boolean apostrophe = false;
    while (at < end) {
      int c = codePoint();
      if (isWord(c)) {
        if (apostrophe) {
          put(APOSTROPHE);
          apostrophe = false;
        }
        put(lowerCase ? Character.toLowerCase(c) : c);
      } else if (length > 0) {
        if (apostrophe || !isApostrophe(c)) {
          break;
        }
        apostrophe = true;
      }
    }
    return length == 0 ? null : UTF8String.fromBytes(word, 0, length);
  }

  private boolean isWord(int c) {
    if (c < ASCII.length) {
      return ASCII[c] != 0;
    }
    return Character.isLetterOrDigit(c) || (length > 0 && isMark(Character.getType(c)));
  }

  private static boolean isMark(int type) {
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isApostrophe(int c) {
    return c == APOSTROPHE || c == TYPOGRAPHIC_APOSTROPHE;
  }

  private int codePoint() {
    int first = Platform.getByte(base, at++);
    if (first >= 0) {
      return first;
    }
    int following = first < 0xffffffe0 ? 1 : first < 0xfffffff0 ? 2 : 3;
    int c = first & (0x3f >> following);
    for (int i = 0; i < following; i++) {
      c = c << 6 | (Platform.getByte(base, at++) & 0x3f);
    }
    return c;
  }

  private void put(int c) {
    if (length + 4 > word.length) {
      word = Arrays.copyOf(word, word.length * 2);
    }
    if (c < 0x80) {
      word[length++] = (byte) c;
    } else if (c < 0x800) {
      word[length++] = (byte) (0xc0 | c >> 6);
      follow(c, 0);
    } else if (c < 0x10000) {
      word[length++] = (byte) (0xe0 | c >> 12);
      follow(c, 6);
    } else {
      word[length++] = (byte) (0xf0 | c >> 18);
      follow(c, 12);
    }
  }

  private void follow(int c, int shift) {
    for (int s = shift; s >= 0; s -= 6) {
      word[length++] = (byte) (0x80 | (c >> s & 0x3f));
    }
  }
}
