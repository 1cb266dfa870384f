"""What the peers share: arguments, data, models, and the line they print.

Arguments are WORK TRAIN TEST EPOCHS BATCH THREADS, then those of the peer; TRAIN and TEST are Parquet.
PEER_SEED is of initial weights and order.
"""
import json
import os
import sys
import time

import numpy as np

SEED = int(os.environ.get("PEER_SEED", 7))
name, train, test = sys.argv[1:4]
epochs, batch, threads = map(int, sys.argv[4:7])
options = sys.argv[7:]
COLUMNS = [f"f{i}" for i in range(28)]


def load(path):
    """Features and labels as arrays, read without Spark."""
    import pyarrow.parquet as parquet

    table = parquet.read_table(path).combine_chunks()
    labels = table["label"].to_numpy().astype("int32")
    if name == "W3":
        return np.stack([table[column].to_numpy() for column in COLUMNS], 1), labels
    values = table["x"].combine_chunks()
    if name == "W2":
        return np.frombuffer(b"".join(values.to_pylist()), np.uint8).reshape(-1, 32, 32, 3), labels
    return values.flatten().to_numpy().reshape(-1, 784), labels


def model(keras, last=None):
    """The network; `last` is the activation of its last layer."""
    layers = keras.layers
    inputs, hidden, classes = {
        "W1": ((784,), [layers.Dense(1024, "relu"), layers.Dense(1024, "relu")], 10),
        "W2": ((32, 32, 3), [layers.Rescaling(1 / 255.0), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten()], 10),
        "W3": ((28,), [layers.Dense(64, "relu")], 2),
    }[name]
    return keras.Sequential([keras.Input(inputs), *hidden, layers.Dense(classes, activation=last, dtype="float32")])


def accuracy(network):
    """Share of the test part that a Keras model has right."""
    x, y = load(test)
    return float((network.predict(x, batch_size=1024, verbose=0).argmax(1) == y).mean())


def spark():
    """A session of local threads, with the memory that these peers need."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(f"local[{threads}]")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.maxResultSize", "2g")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session


def seconds(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def report(examples, duration, quality):
    print(json.dumps({"examples_per_second": examples / duration, "accuracy": quality}), flush=True)
