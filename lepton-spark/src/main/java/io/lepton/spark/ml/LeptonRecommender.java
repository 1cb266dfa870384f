package io.lepton.spark.ml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Trains a model of what users think of items: neural matrix factorisation of a user and an item
 * column, unless the params say otherwise. A label is a rating; with {@link #classes} set to 2 it
 * is whether there was any.
 */
public final class LeptonRecommender extends TrainingEstimator<LeptonRecommender> {
  private static final long serialVersionUID = 1;

  private final Param<String> userCol = new Param<>(this, "userCol", "column of the user");
  private final Param<String> itemCol = new Param<>(this, "itemCol", "column of the item");

  /** An estimator with all defaults. */
  public LeptonRecommender() {
    this(Identifiable$.MODULE$.randomUID("leptonrecommender"));
  }

  /** The same of a name that Spark ML knows it by. */
  public LeptonRecommender(String uid) {
    super(uid);
    setDefault(userCol, "user");
    setDefault(itemCol, "item");
  }

  /** Column of the user, text or a whole number. Default: user. */
  public Param<String> userCol() {
    return userCol;
  }

  /** Column of the item, text or a whole number. Default: item. */
  public Param<String> itemCol() {
    return itemCol;
  }

  /** Sets {@link #userCol}. */
  public LeptonRecommender setUserCol(String value) {
    set(userCol, value);
    return this;
  }

  /** Sets {@link #itemCol}. */
  public LeptonRecommender setItemCol(String value) {
    set(itemCol, value);
    return this;
  }

  /** Reads what {@code write} wrote. */
  public static MLReader<LeptonRecommender> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote. */
  public static LeptonRecommender load(String path) {
    return read().load(path);
  }

  @Override
  Map<String, Object> ownSettings(FeatureColumns data) {
    Map<String, Object> own = new LinkedHashMap<>();
    own.putAll(input("user", getOrDefault(userCol), data));
    own.putAll(input("item", getOrDefault(itemCol), data));
    own.put("model.zoo", "neumf");
    return own;
  }

  private static Map<String, Object> input(String name, String column, FeatureColumns data) {
    data.require(column);
    String path = "data.inputs." + name + ".";
    return Map.of(
        path + "columns",
        List.of(column),
        path + "type",
        "categories",
        path + "max-size",
        data.categories(column));
  }
}
