"""Writes models as .keras files, before and after five steps of descent, and what Keras computed.

Usage: python training.py DIRECTORY [name ...]; needs tensorflow 2.18 with Keras 3. For each model
NAME.keras, NAME.after.keras and NAME.npz: inputs in_*, classes in_y, outputs outside training, and
the loss of each step without what regularizers add.
"""

import os
import sys
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from keras import constraints, layers, regularizers

EXAMPLES, STEPS, RATE = 6, 5, 0.3
RANDOM = np.random.RandomState(3)


def floats(*shape):
    return RANDOM.randn(EXAMPLES, *shape).astype("float32")


def padded_ids(steps):
    """The first example is whole, others end or begin early; none is empty."""
    ids = RANDOM.randint(1, 9, (EXAMPLES, steps)).astype("int32")
    for i in range(1, EXAMPLES):
        ids[i, : i % 2] = 0
        ids[i, steps - i % 3 :] = 0
    return ids


def masked_chain():
    return keras.Sequential(
        [
            keras.Input((5,), dtype="int32", name="x"),
            layers.Embedding(9, 4, mask_zero=True),
            layers.Dropout(0.0),
            layers.Dense(4, activation="tanh"),
            layers.LSTM(4, return_sequences=True),
            layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode="sum"),
            layers.LayerNormalization(),
            layers.GRU(3, go_backwards=True),
            layers.Dense(3),
        ]
    )


def recurrent(x):
    e = layers.Embedding(9, 4, mask_zero=True)(x)
    h = layers.Bidirectional(layers.LSTM(2, return_sequences=True))(e)
    h = layers.GRU(3, return_sequences=True, go_backwards=True)(h)
    h = layers.Bidirectional(layers.GRU(2), merge_mode="ave")(h)
    return layers.Dense(3)(h)


def attention(x):
    e = layers.Embedding(9, 4, mask_zero=True)(x)
    h = layers.MultiHeadAttention(2, 3)(e, e)
    h = layers.LayerNormalization()(layers.Add()([e, h]))
    h = layers.Dense(3, activation="gelu")(h)
    return layers.Dense(3)(layers.GlobalAveragePooling1D()(h))


def causal(x):
    e = layers.Embedding(9, 4, mask_zero=True)(x)
    h = layers.MultiHeadAttention(2, 3)(e, e, use_causal_mask=True)
    return layers.Dense(3)(layers.GlobalAveragePooling1D()(h))


def looking(x):
    e = layers.Embedding(9, 4, mask_zero=True)(x)
    q = layers.Conv1D(4, 2)(e)
    h = layers.MultiHeadAttention(2, 3, value_dim=2, use_bias=False)(query=q, value=e)
    h = layers.MultiHeadAttention(2, 2)(h, q, key=q, use_causal_mask=True)
    return layers.Dense(3)(layers.Flatten()(h))


def images(x):
    h = layers.ZeroPadding2D(((1, 0), (2, 1)))(x)
    h = layers.Conv2D(4, (3, 2), dilation_rate=2, activation="silu")(h)
    h = layers.GroupNormalization(2)(h)
    h = layers.PReLU(shared_axes=[1, 2], alpha_initializer="uniform")(h)
    h = layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same")(h)
    h = layers.AveragePooling2D(2, padding="same")(h)
    h = layers.Conv2DTranspose(3, 3, strides=2, padding="same")(h)
    h = layers.LeakyReLU(0.3)(h)
    h = layers.Cropping2D(((1, 0), (0, 1)))(h)
    h = layers.SeparableConv2D(4, 3, depth_multiplier=2, activation="elu")(h)
    h = layers.UpSampling2D(2, interpolation="bilinear")(h)
    return layers.Dense(3)(layers.GlobalMaxPooling2D()(h))


def normalized(x):
    h = layers.Conv2D(3, 3, use_bias=False)(x)
    h = layers.BatchNormalization(momentum=0.9)(h)
    h = layers.Activation("relu")(h)
    frozen = layers.BatchNormalization(momentum=0.9)
    h = frozen(h)
    frozen.trainable = False
    h = layers.GlobalAveragePooling2D()(h)
    h = layers.BatchNormalization(momentum=0.8, scale=False)(layers.Dense(4)(h))
    return layers.Dense(3)(h)


def sequences(x):
    h = layers.Conv1D(4, 3, dilation_rate=2)(x)
    h = layers.MaxPooling1D(2)(h)
    h = layers.AveragePooling1D(3, strides=1, padding="same")(h)
    h = layers.BatchNormalization()(h)
    return layers.Dense(3)(layers.GlobalMaxPooling1D()(h))


def merges(x):
    a, b = layers.Dense(4, activation="tanh")(x), layers.Dense(4)(x)
    both = [a, b]
    together = [
        layers.Average()(both),
        layers.Maximum()(both),
        layers.Subtract()(both),
        layers.Multiply()(both),
        layers.Dot(axes=1)(both),
        layers.Dot(axes=1, normalize=True)(both),
    ]
    return layers.Dense(3)(layers.Concatenate()(together))


def rules(x):
    e = layers.Embedding(
        9,
        4,
        embeddings_regularizer=regularizers.L2(0.02),
        embeddings_constraint=constraints.MaxNorm(0.4),
        embeddings_initializer=keras.initializers.RandomNormal(stddev=0.5),
    )(x)
    h = layers.LSTM(
        3, recurrent_regularizer=regularizers.L1(0.03), kernel_constraint=constraints.MaxNorm(0.8)
    )(e)
    fixed = layers.Dense(
        4, kernel_regularizer=regularizers.L2(1.0), kernel_constraint=constraints.MaxNorm(0.1)
    )
    h = fixed(h)
    fixed.trainable = False
    return layers.Dense(
        3, kernel_regularizer=regularizers.L1L2(0.01, 0.02), bias_regularizer=regularizers.L2(0.5)
    )(h)


def nested(x):
    ids = keras.Input((5,), dtype="int32")
    words = keras.Model(ids, layers.Embedding(9, 4, mask_zero=True)(ids), name="words")
    steps = keras.Input((5, 4))
    reader = keras.Model(steps, layers.LSTM(3)(layers.Dense(4)(steps)), name="reader")
    return layers.Dense(3)(reader(words(x)))


def functional(body, shape, dtype="float32"):
    inputs = keras.Input(shape, dtype=dtype, name="x")
    return keras.Model(inputs, body(inputs))


MODELS = {
    "attention": lambda: (functional(attention, (5,), "int32"), padded_ids(5)),
    "causal": lambda: (functional(causal, (5,), "int32"), padded_ids(5)),
    "images": lambda: (functional(images, (8, 8, 2)), floats(8, 8, 2)),
    "looking": lambda: (functional(looking, (5,), "int32"), padded_ids(5)),
    "masked_chain": lambda: (masked_chain(), padded_ids(5)),
    "merges": lambda: (functional(merges, (6,)), floats(6)),
    "nested": lambda: (functional(nested, (5,), "int32"), padded_ids(5)),
    "normalized": lambda: (functional(normalized, (5, 5, 2)), floats(5, 5, 2)),
    "recurrent": lambda: (functional(recurrent, (5,), "int32"), padded_ids(5)),
    "rules": lambda: (functional(rules, (5,), "int32"), padded_ids(5)),
    "sequences": lambda: (functional(sequences, (14, 2)), floats(14, 2)),
}


def disturb(model):
    """Weights as if they had been trained."""
    for variable in model.variables:
        if variable.dtype == "float32":
            value = (RANDOM.randn(*variable.shape) * 0.1).astype("float32")
            is_variance = variable.path.endswith("moving_variance")
            variable.assign(variable + (np.abs(value) if is_variance else value))


def save(model, path):
    """As Keras does, but compressed."""
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = [(part, archive.read(part)) for part in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts:
            archive.writestr(part.filename, content)


def write(name, directory):
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    RANDOM.seed(3)
    model, x = MODELS[name]()
    disturb(model)
    path = os.path.join(directory, name)
    save(model, path + ".keras")
    y = RANDOM.randint(0, 3, EXAMPLES).astype("int32")
    output = model(x, training=False).numpy()
    optimizer = keras.optimizers.SGD(RATE)
    optimizer.build(model.trainable_variables)
    losses = []
    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            )
            total = loss + sum(model.losses)
        optimizer.apply(
            tape.gradient(total, [v.value for v in model.trainable_variables])
        )
        losses.append(loss.numpy())
    save(model, path + ".after.keras")
    np.savez(
        path + ".npz",
        in_x=x,
        in_y=y,
        output=output,
        losses=np.array(losses, "float32"),
        rate=np.float32(RATE),
    )


if __name__ == "__main__":
    for model_name in sys.argv[2:] or MODELS:
        write(model_name, sys.argv[1])
