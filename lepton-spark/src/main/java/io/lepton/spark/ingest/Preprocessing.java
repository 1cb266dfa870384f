package io.lepton.spark.ingest;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputKind;
import io.lepton.tf.model.Transform;
import java.io.Serializable;
import java.util.Locale;

/**
 * All it takes to give another data set to a model as the training set was given to it.
 *
 * @param data names of columns and what they hold, patterns resolved
 * @param fitting what the training set decided
 */
public record Preprocessing(DataSpec data, Fitting fitting) implements Serializable {
  private static final ObjectMapper JSON =
      named(
              named(
                  JsonMapper.builder()
                      .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                      .enable(SerializationFeature.INDENT_OUTPUT),
                  InputKind.class),
              Transform.class)
          .build();

  /** As JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("preprocessing must be writable as JSON", e);
    }
  }

  /**
   * Out of {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not what that gives
   */
  public static Preprocessing fromJson(String json) {
    try {
      return JSON.readValue(json, Preprocessing.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "preprocessing must be JSON as a bundle holds it, but: " + e.getOriginalMessage(), e);
    }
  }

  /** Tells the kinds of a sealed type apart by {@code "kind": "one-hot"}. */
  private static JsonMapper.Builder named(JsonMapper.Builder builder, Class<?> sealed) {
    builder.addMixIn(sealed, Kind.class);
    for (Class<?> kind : sealed.getPermittedSubclasses()) {
      String name = kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-");
      builder.registerSubtypes(new NamedType(kind, name.toLowerCase(Locale.ROOT)));
    }
    return builder;
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  private interface Kind {}
}
