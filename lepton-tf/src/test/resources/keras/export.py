"""Writes the exports of this folder, each a zip of a SavedModel and what TensorFlow computed of it.

Usage: python export.py [name ...]; needs tensorflow 2.18 with Keras 3.
"""

import os
import shutil
import sys
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

RANDOM = np.random.RandomState(3)


def floats(*shape):
    return RANDOM.randn(*shape).astype("float32")


def ids(*shape):
    return RANDOM.randint(1, 20, shape).astype("int32")


def cross_entropy(model, x, y, training=False):
    """Mean loss of logits, and gradients."""
    with tf.GradientTape() as tape:
        output = model(x, training=training)
        logits = tf.math.log(output) if ends_in_softmax(model) else output
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
        )
    gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
    return output, loss, [tf.convert_to_tensor(g) for g in gradients]


def ends_in_softmax(model):
    return getattr(model.layers[-1], "activation", None) is keras.activations.softmax


def reference(model, x, y, training=False):
    output, loss, gradients = cross_entropy(model, x, y, training)
    arrays = {"in_x": x, "in_y": y, "output": output.numpy(), "loss": loss.numpy()}
    for variable, gradient in zip(model.trainable_variables, gradients):
        arrays["var_" + variable.path.replace("/", "|")] = variable.numpy()
        arrays["grad_" + variable.path.replace("/", "|")] = gradient.numpy()
    return arrays


def disturb(model):
    """Weights as if they had been trained."""
    for variable in model.variables:
        if variable.dtype == "float32":
            value = floats(*variable.shape) * 0.1
            is_variance = variable.path.endswith("moving_variance")
            variable.assign(variable + (np.abs(value) if is_variance else value))


def archive(name, write, arrays):
    folder = tempfile.mkdtemp()
    export = os.path.join(folder, name, "export")
    write(export)
    np.savez(os.path.join(folder, name, "reference.npz"), **arrays)
    for extra in ("fingerprint.pb", "assets"):
        path = os.path.join(export, extra)
        if os.path.isdir(path):
            os.rmdir(path)
        elif os.path.exists(path):
            os.remove(path)
    shutil.make_archive(name, "zip", os.path.join(folder, name))
    shutil.rmtree(folder)


def functional(name, shape, dtype, body, x, save=None):
    inputs = keras.Input(shape, dtype=dtype, name="x")
    model = keras.Model(inputs, body(inputs), name=name)
    disturb(model)
    y = RANDOM.randint(0, 3, len(x)).astype("int32")
    export = save or (lambda path: model.export(path, verbose=False))
    if save == "tf":
        export = lambda path: tf.saved_model.save(model, path)
    archive(name, export, reference(model, x, y))


def normalized(x):
    h = layers.Conv2D(4, 3, use_bias=False)(x)
    h = layers.BatchNormalization(momentum=0.9)(h)
    h = layers.Activation("swish")(h)
    h = layers.DepthwiseConv2D(3, padding="same")(h)
    h = layers.GlobalAveragePooling2D()(h)
    h = layers.Dense(5)(h)
    h = layers.BatchNormalization(momentum=0.9, scale=False)(h)
    return layers.Dense(3)(h)


def batch_norm():
    inputs = keras.Input((6, 6, 2), name="x")
    model = keras.Model(inputs, normalized(inputs))
    disturb(model)
    x = floats(6, 6, 6, 2)
    y = RANDOM.randint(0, 3, 6).astype("int32")
    arrays = reference(model, x, y)

    def write(path):
        export = keras.export.ExportArchive()
        export.track(model)
        spec = [tf.TensorSpec((None, 6, 6, 2), tf.float32, name="x")]
        export.add_endpoint("serve", lambda x: model(x, training=False), spec)
        export.add_endpoint("train", lambda x: model(x, training=True), spec)
        export.write_out(path, verbose=False)

    state = tempfile.mkdtemp()
    write(os.path.join(state, "export"))
    trained = reference(model, x, y, training=True)
    arrays.update({"train_" + key: value for key, value in trained.items()})
    for variable in model.non_trainable_variables:
        arrays["after_" + variable.path.replace("/", "|")] = variable.numpy()
    archive(
        "batch_norm",
        lambda path: shutil.copytree(os.path.join(state, "export"), path),
        arrays,
    )


def dropout():
    inputs = keras.Input((4,), name="x")
    hidden = layers.Dropout(0.5, seed=1)(layers.Dense(8, activation="relu")(inputs))
    model = keras.Model(inputs, layers.Dense(3)(hidden))
    x, y = floats(6, 4), RANDOM.randint(0, 3, 6).astype("int32")

    def write(path):
        export = keras.export.ExportArchive()
        export.track(model)
        spec = [tf.TensorSpec((None, 4), tf.float32, name="x")]
        export.add_endpoint("serve", lambda x: model(x, training=False), spec)
        export.add_endpoint("train", lambda x: model(x, training=True), spec)
        export.write_out(path, verbose=False)

    archive("dropout", write, reference(model, x, y))


def attention(x):
    e = layers.Embedding(20, 8)(x)
    h = layers.MultiHeadAttention(2, 4)(e, e)
    h = layers.LayerNormalization()(layers.Add()([e, h]))
    h = layers.Dense(6, activation="gelu")(layers.Dropout(0.1)(h))
    return layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling1D()(h))


def recurrent(x):
    e = layers.Embedding(20, 4, mask_zero=True)(x)
    h = layers.Bidirectional(layers.GRU(3, return_sequences=True))(e)
    return layers.Dense(3)(layers.LSTM(3)(h))


def any_length(x):
    return layers.Dense(3)(layers.SimpleRNN(4)(layers.Embedding(20, 4)(x)))


def shared(x):
    dense = layers.Dense(4, activation="tanh")
    return layers.Dense(3)(layers.Add()([dense(x), dense(layers.ReLU()(dense(x)))]))


def volumes(x):
    return layers.Dense(3)(layers.Flatten()(layers.Conv3D(2, 2, name="volume")(x)))


class Branches(tf.Module):
    """What is computed depends on the data."""

    def __init__(self):
        super().__init__()
        self.kernel = tf.Variable(floats(4, 3), name="kernel")
        self.bias = tf.Variable(floats(3), name="bias")
        self.scale = tf.Variable(2.0, name="scale", trainable=False)

    @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32, name="x")])
    def __call__(self, x):
        product = tf.matmul(x, self.kernel)
        return {
            "logits": tf.cond(
                tf.reduce_sum(x) > 0,
                lambda: product * self.scale + self.bias,
                lambda: tf.nn.relu(product) - self.bias,
            )
        }


def branches():
    module = Branches()
    x, y = floats(6, 4), RANDOM.randint(0, 3, 6).astype("int32")
    variables = [module.kernel, module.bias]
    with tf.GradientTape() as tape:
        output = module(x)["logits"]
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, output))
    arrays = {"in_x": x, "in_y": y, "output": output.numpy(), "loss": loss.numpy()}
    for variable, gradient in zip(variables, tape.gradient(loss, variables)):
        name = variable.name.replace(":0", "")
        arrays["var_" + name] = variable.numpy()
        arrays["grad_" + name] = gradient.numpy()
    archive(
        "branches",
        lambda path: tf.saved_model.save(module, path, signatures=module.__call__),
        arrays,
    )


EXPORTS = {
    "batch_norm": batch_norm,
    "branches": branches,
    "dropout": dropout,
    "attention": lambda: functional("attention", (6,), "int32", attention, ids(6, 6)),
    "recurrent": lambda: functional(
        "recurrent", (5,), "int32", recurrent, np.triu(ids(6, 5), -1)
    ),
    "any_length": lambda: functional("any_length", (None,), "int32", any_length, ids(6, 5)),
    "shared": lambda: functional("shared", (4,), "float32", shared, floats(6, 4), "tf"),
    "volumes": lambda: functional("volumes", (3, 3, 3, 1), "float32", volumes, floats(6, 3, 3, 3, 1)),
}

if __name__ == "__main__":
    for export in sys.argv[1:] or EXPORTS:
        keras.utils.set_random_seed(7)
        EXPORTS[export]()
