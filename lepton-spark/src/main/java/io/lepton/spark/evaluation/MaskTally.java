package io.lepton.spark.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * The confusion matrix of all pixels of all images.
 *
 * @param classes their number
 */
record MaskTally(int classes) implements Tally {
  static final int LABELS = Examples.FIRST;
  static final int GIVEN = LABELS + 1;

  @Override
  public int size() {
    return classes * classes;
  }

  @Override
  public void count(InternalRow row, double weight, Terms terms) {
    ArrayData labels = row.getArray(LABELS);
    ArrayData given = row.getArray(GIVEN);
    int[] pixels = new int[size()];
    for (int i = 0; i < labels.numElements(); i++) {
      pixels[labels.getInt(i) * classes + given.getInt(i)]++;
    }
    for (int cell = 0; cell < pixels.length; cell++) {
      if (pixels[cell] > 0) {
        terms.add(cell, weight * pixels[cell]);
      }
    }
  }

  @Override
  public Map<String, Double> metrics(Totals totals) {
    Confusion confusion = confusion(totals);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("pixel-accuracy", confusion.accuracy());
    if (classes == 2) {
      metrics.put("dice", confusion.f1(1));
      metrics.put("iou", confusion.intersectionOverUnion(1));
    }
    metrics.put("mean-dice", confusion.mean(confusion::f1));
    metrics.put("mean-iou", confusion.mean(confusion::intersectionOverUnion));
    return metrics;
  }

  Confusion confusion(Totals totals) {
    return Confusion.of(classes, totals, 0);
  }
}
