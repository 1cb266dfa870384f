package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** A heavy operation of a layer, in whatever number format. */
interface Product {
  <T extends TNumber> Operand<T> of(Operand<T> x, Operand<T> kernel);

  /** Of matrices. */
  record MatMul(Ops tf) implements Product {
    @Override
    public <T extends TNumber> Operand<T> of(Operand<T> x, Operand<T> kernel) {
      return tf.linalg.matMul(x, kernel);
    }
  }

  /** Of images and a window. */
  record Convolution2d(Ops tf, List<Long> strides, Padding padding) implements Product {
    @Override
    public <T extends TNumber> Operand<T> of(Operand<T> x, Operand<T> kernel) {
      return tf.nn.conv2d(x, kernel, strides, padding.name());
    }
  }
}
