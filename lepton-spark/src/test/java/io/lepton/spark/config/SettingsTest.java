package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private final Problems problems = new Problems();

  @Test
  void aNullIsTheSameAsNoValue() {
    Settings settings = settings("a = null");

    assertThat(settings.has("a")).isFalse();
    assertThat(settings.isEmpty()).isTrue();
    assertThat(settings.optional("a", Rule.text())).isEmpty();
    assertThat(settings.orDefault("a", 3, Rule.integer(1))).isEqualTo(3);
  }

  @Test
  void aStandInKeepsTheRuleSoThatReadingGoesOn() {
    Settings settings = settings("a = x");

    assertThat(settings.required("a", Rule.integer(1))).isEqualTo(1);
    assertThat(settings.required("b", Rule.text())).isEmpty();
    assertThatThrownBy(problems::throwIfAny)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("a = \"x\" (String: 1): must be a whole number")
        .hasMessageContaining("b (String: 1): must be set; add b = …");
  }

  @Test
  void nothingMoreIsSaidBelowAValueOfTheWrongType() {
    Settings settings = settings("a = 1");

    settings.section("a").required("b", Rule.text());

    assertThatThrownBy(problems::throwIfAny)
        .hasMessageContaining("a = 1 (String: 1): must be an object; write a { … }")
        .hasMessageNotContaining("a.b");
  }

  @Test
  void aRefusalThatNamesNoSettingIsAProblemOfTheObject() {
    Settings section = settings("a { b = 1 }").section("a");
    section.optional("b", Rule.text());

    assertThat(section.make(() -> refusing("the two must differ"))).isEmpty();

    assertThatThrownBy(problems::throwIfAny)
        .hasMessageContaining("a (String: 1): the two must differ; change the settings below it");
  }

  @Test
  void aLongValueIsCut() {
    settings("a = " + "x".repeat(200)).optional("a", Rule.integer(1));

    assertThatThrownBy(problems::throwIfAny)
        .hasMessageContaining("a = \"" + "x".repeat(99) + "… (String: 1)");
  }

  private Settings settings(String text) {
    return Settings.root(ConfigFactory.parseString(text).root(), problems);
  }

  private static String refusing(String message) {
    throw new IllegalArgumentException(message);
  }
}
