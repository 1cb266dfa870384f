"""Steps a Keras model in a hand-written tf.function loop whenever a line says so.

keras_loop.py MODEL BATCH THREADS; prints "ready", then for each line SECONDS read the examples a second
of that many seconds. Batches are numpy slices of rows in memory, in random order, as in Lepton's loop.
"""
import sys
import time

import keras
import numpy as np
import tensorflow as tf

import keras_step

MODELS = {
    "MLP": ((784,), "float32", 10, lambda layers: [layers.Dense(1024, "relu"), layers.Dense(1024, "relu"), layers.Dense(10)]),
    "CNN": ((32, 32, 3), "uint8", 10, lambda layers: [
        layers.Rescaling(1 / 255.0), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10)]),
    "NARROW": ((28,), "float32", 2, lambda layers: [layers.Dense(64, "relu"), layers.Dense(2)]),
}
ROWS = 20_000

name, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
tf.config.threading.set_intra_op_parallelism_threads(threads)
shape, kind, classes, layers = MODELS[name]
random = np.random.default_rng(7)
x = random.integers(0, 256, (ROWS, *shape)).astype(kind) if kind == "uint8" else random.random((ROWS, *shape), kind)
y = random.integers(0, classes, ROWS).astype("int32")
model = keras.Sequential([keras.Input(shape), *layers(keras.layers)])
step = keras_step.by_hand(model)


def steps(seconds):
    start = time.perf_counter()
    examples = 0
    while True:
        order = random.permutation(ROWS)
        for at in range(0, ROWS - batch + 1, batch):
            rows = order[at : at + batch]
            step(tf.constant(x[rows]), tf.constant(y[rows]))
            examples += batch
            if time.perf_counter() - start >= seconds:
                return examples / (time.perf_counter() - start)


steps(1)
print("ready", flush=True)
for line in sys.stdin:
    print(steps(float(line)), flush=True)
