package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.exchange.Change;
import io.lepton.spark.exchange.SharedSlices;

/**
 * What is added to parameters to make the next ones, coded.
 *
 * @param slices of the form
 * @param base the scope of the parameters it is added to
 */
record CodedChange(DeltaForm form, SharedSlices slices, long base) implements Change {
  @Override
  public long bytes() {
    return slices.bytes();
  }

  @Override
  public long apply(FlatVector from, FlatVector result) {
    result.put(from);
    SliceReader reader = new SliceReader(form.codec());
    return slices.readEach((index, slice) -> form.add(reader, slice, index, result));
  }
}
