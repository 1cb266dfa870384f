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
    long rest = from.size() - form.size();
    result.part(form.size(), rest).put(from.part(form.size(), rest));
    return slices.readEach(
        () -> {
          SliceReader reader = new SliceReader(form.codec());
          return (index, slice) -> {
            long first = form.from(index);
            int count = form.count(index);
            result.part(first, count).put(from.part(first, count));
            form.add(reader, slice, index, result);
          };
        });
  }
}
