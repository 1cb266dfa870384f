"""Steps a work's Keras model in a hand-written tf.function loop whenever a line says so.

Takes the arguments of work.py and a dtype policy; prints "ready", then for each line SECONDS read the examples
a second of that many seconds. Batches are numpy slices of arrays in memory, in random order.
"""
import sys
import time

import keras
import numpy as np
import tensorflow as tf

import keras_step
import work

tf.config.threading.set_intra_op_parallelism_threads(work.threads)
keras.utils.set_random_seed(work.SEED)
keras.mixed_precision.set_dtype_policy(work.options[0])
x, y = work.load(work.train)
random = np.random.default_rng(work.SEED)
step = keras_step.by_hand(work.model(keras))


def steps(seconds):
    start = time.perf_counter()
    examples = 0
    while True:
        order = random.permutation(len(x))
        for at in range(0, len(x) - work.batch + 1, work.batch):
            rows = order[at : at + work.batch]
            step(tf.constant(x[rows]), tf.constant(y[rows]))
            examples += work.batch
            if time.perf_counter() - start >= seconds:
                return examples / (time.perf_counter() - start)


steps(1)
print("ready", flush=True)
for line in sys.stdin:
    print(steps(float(line)), flush=True)
