"""Keras in one process on arrays in memory: `loop` a hand-written tf.function loop, `fit` Model.fit; then a dtype policy."""
import keras
import numpy as np
import tensorflow as tf

import keras_step
import work

WARM = 20
how, policy = work.options
tf.config.threading.set_intra_op_parallelism_threads(work.threads)
keras.utils.set_random_seed(work.SEED)
keras.mixed_precision.set_dtype_policy(policy)
x, y = work.load(work.train)
warm = min(WARM, len(x) // work.batch // 4) * work.batch
model = work.model(keras)


def batches(step, order):
    for at in range(0, len(order) - work.batch + 1, work.batch):
        rows = order[at : at + work.batch]
        step(tf.constant(x[rows]), tf.constant(y[rows]))


def loop():
    step = keras_step.by_hand(model)
    random = np.random.default_rng(work.SEED)
    orders = np.concatenate([random.permutation(len(x)) for _ in range(work.epochs)])
    batches(step, orders[:warm])
    duration, _ = work.seconds(lambda: batches(step, orders[warm:]))
    return len(orders) - warm, duration


def fit():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss)
    model.fit(x[:warm], y[:warm], batch_size=work.batch, verbose=0)
    duration, _ = work.seconds(lambda: model.fit(x, y, batch_size=work.batch, epochs=work.epochs, verbose=0))
    return len(x) * work.epochs, duration


work.report(*{"loop": loop, "fit": fit}[how](), work.accuracy(model))
