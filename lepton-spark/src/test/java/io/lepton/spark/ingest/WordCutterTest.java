package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class WordCutterTest {
  private static final String LETTER = "[\\p{L}\\p{Nd}]";
  private static final String RUN = LETTER + "[\\p{L}\\p{Nd}\\p{Mn}\\p{Mc}]*";
  private static final Pattern WORD =
      Pattern.compile(
          "%s(?:['’]%s)*".formatted(RUN, RUN.replaceFirst("^\\[", "[\\\\p{Mn}\\\\p{Mc}")));

  @Test
  void allThatIsNeitherLetterNorDigitSeparatesAndIsDropped() {
    assertThat(words("Well, it's 2 good—really: (very) good!", false))
        .containsExactly("Well", "it's", "2", "good", "really", "very", "good");
  }

  @Test
  void apostrophesStayInsideWordsOnly() {
    assertThat(words("'don’t' rock'n'roll dogs' a''b '", false))
        .containsExactly("don't", "rock'n'roll", "dogs", "a", "b");
  }

  @Test
  void wordsAreOfAnyScript() {
    assertThat(words("Straße naïve Ελλάδα Привет 日本語 नमस्ते ٣٤ 𝒜𝒷 \uD83D\uDE00", false))
        .containsExactly("Straße", "naïve", "Ελλάδα", "Привет", "日本語", "नमस्ते", "٣٤", "𝒜𝒷");
  }

  @Test
  void aMarkBelongsToTheLetterBeforeIt() {
    assertThat(words("cafe\u0301 \u0301x", false)).containsExactly("cafe\u0301", "x");
  }

  @Test
  void caseIsFoldedInAnyScript() {
    assertThat(words("ÄRGER Ελλάδα ABC", true)).containsExactly("ärger", "ελλάδα", "abc");
  }

  @Test
  void aWordMayBeLong() {
    String word = "é".repeat(1000);

    assertThat(words("a " + word + " b", false)).containsExactly("a", word, "b");
  }

  @Test
  void emptyTextHasNoWords() {
    assertThat(words("", true)).isEmpty();
    assertThat(words(" \t\n…", true)).isEmpty();
  }

  @Test
  void anyTextIsCutAsARegularExpressionWould() {
    String alphabet = "abZ9'’ -.é\u0301ßЖ日\uD83D\uDE00ा";
    int[] points = alphabet.codePoints().toArray();
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        text.appendCodePoint(points[random.nextInt(points.length)]);
      }
      assertThat(words(text.toString(), true)).as("words of '%s'", text).isEqualTo(expected(text));
    }
  }

  private static List<String> expected(CharSequence text) {
    return WORD.matcher(text)
        .results()
        .map(match -> match.group().replace('’', '\'').toLowerCase(Locale.ROOT))
        .toList();
  }

  private static List<String> words(String text, boolean lowerCase) {
    WordCutter cutter = new WordCutter(lowerCase);
    cutter.start(UTF8String.fromString(text));
    List<String> words = new ArrayList<>();
    for (UTF8String word = cutter.next(); word != null; word = cutter.next()) {
      words.add(word.toString());
    }
    return words;
  }
}
