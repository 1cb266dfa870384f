"""Elephas as it comes: workers, one a core, whose parameters are averaged once an epoch."""
import keras
import numpy as np
from elephas.spark_model import SparkModel

import work

session = work.spark()
kind = work.name  # the module itself does not go to workers
keras.utils.set_random_seed(work.SEED)


def example(row):
    if kind == "W3":
        return np.asarray(row[:-1], np.float32), np.int32(row.label)
    if kind == "W2":
        return np.frombuffer(row.x, np.uint8).reshape(32, 32, 3), np.int32(row.label)
    return np.asarray(row.x, np.float32), np.int32(row.label)


examples = session.read.parquet(work.train).repartition(work.threads).rdd.map(example).cache()
rows = examples.count()
model = work.model(keras, "softmax")
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
trained = SparkModel(model, batch_size=work.batch)
duration, _ = work.seconds(
    lambda: trained.fit(examples, epochs=work.epochs, batch_size=work.batch, verbose=0, validation_split=0.0)
)
model.set_weights(trained.master_network.get_weights())
work.report(rows * work.epochs, duration, work.accuracy(model))
session.stop()
