package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.ArrivedSlice;
import io.lepton.spark.exchange.Change;
import io.lepton.spark.exchange.SliceStream;

/**
 * What is added to parameters to make the next ones, coded.
 *
 * @param slices of the form
 * @param base the scope of the parameters it is added to
 */
record CodedChange(DeltaForm form, Address slices, long base) implements Change {
  @Override
  public long bytes() {
    return slices.bytes();
  }

  @Override
  public void apply(FlatVector from, FlatVector result) {
    result.put(from);
    SliceReader reader = new SliceReader(form.codec());
    try (SliceStream stream = new SliceStream(slices.slices().iterator())) {
      for (int index = 0; index < form.slices(); index++) {
        try (ArrivedSlice slice = stream.next()) {
          form.add(reader, slice, index, result);
        }
      }
    }
  }
}
