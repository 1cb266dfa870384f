"""Writes the models beside this file, with TensorFlow 2.18 and Keras 3: python export.py"""

import pathlib
import shutil

import keras
import tensorflow as tf

HERE = pathlib.Path(__file__).parent

keras.utils.set_random_seed(5)
inputs = keras.Input((2,), name="table")
hidden = keras.layers.Dense(4, activation="tanh", name="hidden")(inputs)
outputs = keras.layers.Dense(2, activation="softmax", name="head")(hidden)
model = keras.Model(inputs, outputs)
model.save(HERE / "dense.keras")

spec = {"table": tf.TensorSpec((None, 2), tf.float32, name="table")}
label = tf.TensorSpec((None,), tf.int32, name="kind")


@tf.function(input_signature=[spec["table"], label])
def loss_and_grads(table, kind):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(kind, model(table))
        )
    weights = [weight.value for weight in model.trainable_variables]
    gradients = tape.gradient(loss, weights)
    return {"loss": loss} | {f"grad_{i:03d}": g for i, g in enumerate(gradients)}


@tf.function(input_signature=[spec["table"]])
def serve(table):
    return {"kinds": model(table)}


module = tf.Module()
module.variables_ = [weight.value for weight in model.variables]
target = HERE / "dense"
shutil.rmtree(target, ignore_errors=True)
tf.saved_model.save(
    module,
    str(target),
    signatures={"serving_default": serve, "loss_and_grads": loss_and_grads},
)
(target / "fingerprint.pb").unlink()
