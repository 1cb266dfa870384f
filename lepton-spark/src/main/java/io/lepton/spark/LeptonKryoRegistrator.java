package io.lepton.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.lepton.spark.evaluation.EvaluationKryo;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.ingest.IngestKryo;
import io.lepton.tf.TrainingProgram;
import java.util.HashMap;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Everything Lepton sends between processes, so that registration can be required. */
public final class LeptonKryoRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(ReplicaUpdate.class, new JavaSerializer());
    kryo.register(FoldGroup.class, new JavaSerializer());
    kryo.register(FoldAnswer.class, new JavaSerializer());
    kryo.register(Address.class, new JavaSerializer());
    kryo.register(StepInspection.class, new JavaSerializer());
    kryo.register(TrainingProgram.class, new JavaSerializer());
    kryo.register(HashMap.class);
    kryo.register(StructType.class, new JavaSerializer());
    kryo.register(DataType[].class, new JavaSerializer());
    IngestKryo.register(kryo);
    EvaluationKryo.register(kryo);
  }
}
