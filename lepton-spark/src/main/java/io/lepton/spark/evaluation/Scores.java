package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.unwrap_udt;
import static org.apache.spark.sql.functions.when;

import io.lepton.spark.Columns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.UserDefinedType;

/** What a model says of classes. */
public enum Scores {
  /** Probabilities of all classes, or of class 1 of two. */
  PROBABILITIES {
    @Override
    Column one(Column score) {
      return score;
    }

    @Override
    Column all(Column scores) {
      return scores;
    }
  },

  /** What softmax takes for all classes, or what sigmoid takes for class 1 of two. */
  LOGITS {
    @Override
    Column one(Column score) {
      return lit(1.0).divide(exp(score.unary_$minus()).plus(lit(1.0)));
    }

    @Override
    Column all(Column scores) {
      Column highest = array_max(scores);
      Column powers = transform(scores, it -> exp(it.minus(highest)));
      Column sum = aggregate(powers, lit(0.0), (total, it) -> total.plus(it));
      return transform(powers, it -> it.divide(sum));
    }
  };

  abstract Column one(Column score);

  abstract Column all(Column scores);

  /** A probability of each class. */
  Column probabilities(Column scores, int classes) {
    if (classes > 2) {
      return all(scores);
    }
    Column one = one(element_at(scores, 1));
    return when(size(scores).equalTo(1), array(lit(1.0).minus(one), one)).otherwise(all(scores));
  }

  /** An array of doubles of an array, of a dense vector of Spark ML, or of one number. */
  static Column numbers(String name, DataType type) {
    Column column = Columns.named(name);
    if (type instanceof UserDefinedType<?>) {
      Column vector = unwrap_udt(column);
      return when(vector.getField("type").equalTo(1), vector.getField("values"));
    }
    return (type instanceof ArrayType ? column : array(column))
        .cast(DataTypes.createArrayType(DataTypes.DoubleType));
  }
}
