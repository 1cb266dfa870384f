package io.lepton.tf.model;

import com.google.protobuf.ByteString;
import io.lepton.tf.Variable.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.VariableDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * The operations that write float32 variables to files and read them back, and their descriptions
 * for whoever loads a SavedModel. TensorFlow's exporter for Java drops resource variables.
 *
 * @param filename takes the prefix of the files' names
 * @param save writes what the variables' reads give
 * @param restore reads the files and assigns all variables
 */
record VariableSaver(Operation filename, Operation save, Operation restore) {

  static VariableSaver emit(Ops tf, NamedOps ops, List<Operation> handles, List<Operation> reads) {
    List<String> names = handles.stream().map(Operation::name).toList();
    Operation filename = ops.placeholder("save/filename", DataType.DT_STRING);
    Operand<TString> file = filename.output(0);
    Operand<TString> keys = tf.array(names.toArray(String[]::new));
    String[] whole = new String[names.size()];
    Arrays.fill(whole, "");
    Operand<TString> slices = tf.array(whole);

    List<Operand<?>> values = new ArrayList<>();
    List<Class<? extends TType>> types = new ArrayList<>();
    for (Operation read : reads) {
      values.add(read.output(0));
      types.add(TFloat32.class);
    }
    Operation write = tf.train.save(file, keys, slices, values).op();
    Operation save = ops.identity("save/control_dependency", file, List.of(write));
    Restore restored = tf.train.restore(file, keys, slices, types);
    List<Operation> assigns = new ArrayList<>();
    for (int i = 0; i < handles.size(); i++) {
      assigns.add(ops.assign(handles.get(i), DataType.DT_FLOAT, restored.tensors().get(i)));
    }
    return new VariableSaver(filename, save, ops.group("save/restore_all", assigns));
  }

  SaverDef toSaverDef() {
    return SaverDef.newBuilder()
        .setVersion(SaverDef.CheckpointFormatVersion.V2)
        .setFilenameTensorName(filename.name() + ":0")
        .setSaveTensorName(save.name() + ":0")
        .setRestoreOpName(restore.name())
        .build();
  }

  /**
   * Variables as Python knows them. Without this, Python shares those of equal names among all
   * models of a process.
   */
  static CollectionDef toCollectionDef(Stream<Weight> weights) {
    CollectionDef.BytesList.Builder variables = CollectionDef.BytesList.newBuilder();
    weights.map(VariableSaver::describe).forEach(variables::addValue);
    return CollectionDef.newBuilder().setBytesList(variables).build();
  }

  private static ByteString describe(Weight weight) {
    return VariableDef.newBuilder()
        .setVariableName(weight.name() + ":0")
        .setInitializerName(NamedOps.assign(weight.name()))
        .setSnapshotName(NamedOps.read(weight.name()) + ":0")
        .setIsResource(true)
        .setTrainable(weight.role() == Role.WEIGHT)
        .build()
        .toByteString();
  }
}
