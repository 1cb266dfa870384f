"""Makes predictions and what scikit-learn says of them: python reference.py, in this directory.

Made with scikit-learn 1.9.1 and numpy 2.0.2.
"""

import json

import numpy as np
from sklearn import metrics as sk

random = np.random.default_rng(7)


def rounded(values, digits):
    return np.round(values, digits).tolist()


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def calibration(confidence, happened, weight, bins):
    """A plain loop over bins, as Guo et al. (2017) define the errors."""
    total, largest = 0.0, 0.0
    for b in range(bins):
        inside = (confidence > b / bins) & (confidence <= (b + 1) / bins)
        if b == 0:
            inside |= confidence == 0
        if inside.any():
            w = weight[inside]
            gap = abs(
                np.average(confidence[inside], weights=w) - np.average(happened[inside], weights=w)
            )
            total += w.sum() * gap
            largest = max(largest, gap)
    return total / weight.sum(), largest


def write(name, rows, cases):
    with open(name + ".json", "w") as file:
        json.dump({"rows": rows, "metrics": cases}, file)
        file.write("\n")


def of_classes(y, p, given, weight):
    f = dict(sample_weight=weight, zero_division=0)
    found = {
        "accuracy": sk.accuracy_score(y, given, sample_weight=weight),
        "micro-f1": sk.f1_score(y, given, average="micro", **f),
        "log-loss": sk.log_loss(y, p, sample_weight=weight),
    }
    for average in ("macro", "weighted"):
        found[average + "-precision"] = sk.precision_score(y, given, average=average, **f)
        found[average + "-recall"] = sk.recall_score(y, given, average=average, **f)
        found[average + "-f1"] = sk.f1_score(y, given, average=average, **f)
    return found


def binary(y, p, weight):
    given = (p >= 0.5).astype(int)
    found = of_classes(y, p, given, weight)
    f = dict(sample_weight=weight, zero_division=0)
    found["precision"] = sk.precision_score(y, given, **f)
    found["recall"] = sk.recall_score(y, given, **f)
    found["f1"] = sk.f1_score(y, given, **f)
    found["auc"] = sk.roc_auc_score(y, p, sample_weight=weight)
    found["average-precision"] = sk.average_precision_score(y, p, sample_weight=weight)
    found["brier"] = sk.brier_score_loss(y, p, sample_weight=weight)
    w = np.ones(len(y)) if weight is None else weight
    found["calibration-error"], found["largest-calibration-error"] = calibration(p, y, w, 15)
    return found


def several(y, p, weight):
    given = p.argmax(axis=1)
    found = of_classes(y, p, given, weight)
    k = p.shape[1]
    one_hot = np.eye(k)[y]
    found["top-2-accuracy"] = sk.top_k_accuracy_score(y, p, k=2, sample_weight=weight)
    found["top-3-accuracy"] = sk.top_k_accuracy_score(y, p, k=3, sample_weight=weight)
    found["brier"] = np.average(((p - one_hot) ** 2).sum(axis=1), weights=weight)
    found["macro-auc"] = np.mean(
        [sk.roc_auc_score(y == c, p[:, c], sample_weight=weight) for c in range(k)]
    )
    found["macro-average-precision"] = np.mean(
        [sk.average_precision_score(y == c, p[:, c], sample_weight=weight) for c in range(k)]
    )
    w = np.ones(len(y)) if weight is None else weight
    found["calibration-error"], found["largest-calibration-error"] = calibration(
        p.max(axis=1), (y == given).astype(float), w, 15
    )
    return found


def numbers(y, p, weight):
    found = {
        "mse": sk.mean_squared_error(y, p, sample_weight=weight),
        "rmse": sk.root_mean_squared_error(y, p, sample_weight=weight),
        "mae": sk.mean_absolute_error(y, p, sample_weight=weight),
        "r2": sk.r2_score(y, p, sample_weight=weight),
        "mape": sk.mean_absolute_percentage_error(y, p, sample_weight=weight),
    }
    for q in (0.1, 0.5, 0.9):
        found[f"pinball-{q}"] = sk.mean_pinball_loss(y, p, alpha=q, sample_weight=weight)
    return found


def slices(measure, part, *columns):
    """All rows, those of weight, and each part by itself."""
    *values, weight = columns
    found = {"all": measure(*values, None), "weighted": measure(*values, weight)}
    for name in sorted(set(part)):
        inside = part == name
        found[name] = measure(*(v[inside] for v in values), weight[inside])
    return found


n = 600
weight = np.array(rounded(random.uniform(0.1, 3, n), 3))
part = random.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2])

# Two classes: many ties, as probabilities have two digits.
y = random.integers(0, 2, n)
p = np.array(rounded(1 / (1 + np.exp(-(random.normal(size=n) + 1.2 * (2 * y - 1)))), 2))
p = np.clip(p, 0.01, 0.99)
precision, recall, thresholds = sk.precision_recall_curve(y, p)
f1 = 2 * precision[:-1] * recall[:-1] / (precision[:-1] + recall[:-1])
positives, negatives = y.sum(), n - y.sum()
cost = [
    1.0 * ((p >= t) & (y == 0)).sum() + 5.0 * ((p < t) & (y == 1)).sum() for t in thresholds
]
choices = {
    "best f1": thresholds[len(f1) - 1 - f1[::-1].argmax()],
    "least cost": thresholds[len(cost) - 1 - int(np.argmin(cost[::-1]))],
    "precision": thresholds[precision[:-1] >= 0.95].min(),
}
cases = slices(binary, part, y, p, weight)
cases["thresholds"] = {name: float(value) for name, value in choices.items()}
write(
    "binary",
    {"label": y.tolist(), "scores": [[v] for v in p.tolist()], "weight": weight.tolist(), "part": part.tolist()},
    cases,
)

# Four classes, of which the last is never given.
k = 4
y = random.choice(k, n, p=[0.5, 0.25, 0.15, 0.1])
z = random.normal(size=(n, k)) + 1.5 * np.eye(k)[y]
z[:, 3] -= 9
p = softmax(z)
write(
    "classes",
    {"label": y.tolist(), "scores": p.tolist(), "weight": weight.tolist(), "part": part.tolist()},
    slices(several, part, y, p, weight),
)

# Numbers far from zero with little spread.
y = np.array(rounded(1e6 + random.normal(size=n), 6))
p = np.array(rounded(y + 0.5 * random.normal(size=n) + 0.1, 6))
write(
    "numbers",
    {"label": y.tolist(), "scores": [[v] for v in p.tolist()], "weight": weight.tolist(), "part": part.tolist()},
    slices(numbers, part, y, p, weight),
)

# Users and items, scores without ties, one to four relevant items of five grades.
users, items = 80, 50
scores = random.permutation(users * items).reshape(users, items) / 1000
relevance = np.zeros((users, items))
for user in range(users):
    count = random.integers(1, 5)
    relevance[user, random.choice(items, count, replace=False)] = random.integers(1, 5, count)
order = np.argsort(-scores, axis=1)
ranked = np.take_along_axis(relevance, order, axis=1)
first = (ranked > 0).argmax(axis=1)
found = {"mrr": np.mean(1 / (first + 1))}
for cutoff in (1, 5, 10):
    found[f"hit-rate-{cutoff}"] = np.mean(first < cutoff)
    found[f"ndcg-{cutoff}"] = sk.ndcg_score(relevance, scores, k=cutoff)
write(
    "ranking",
    {"scores": scores.tolist(), "relevance": relevance.tolist()},
    {"all": {name: float(value) for name, value in found.items()}},
)

# Images of 64 pixels, three classes.
images, pixels, k = 40, 64, 3
y = random.choice(k, (images, pixels), p=[0.7, 0.25, 0.05])
given = np.where(random.uniform(size=y.shape) < 0.8, y, random.integers(0, k, y.shape))
found = {
    "pixel-accuracy": sk.accuracy_score(y.ravel(), given.ravel()),
    "mean-dice": sk.f1_score(y.ravel(), given.ravel(), average="macro"),
    "mean-iou": sk.jaccard_score(y.ravel(), given.ravel(), average="macro"),
}
write("masks", {"label": y.tolist(), "given": given.tolist()}, {"all": found})
