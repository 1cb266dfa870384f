"""What reads tables through Spark without TensorFlow: `xgboost`, 50 trees of depth 6, or `mllib`, the network by L-BFGS.

Examples a second are rows times passes: trees there, iterations here, of which an epoch is ten.
"""
from pyspark.ml.classification import MultilayerPerceptronClassifier
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions

import work

TREES = 50
session = work.spark()


def frame(path):
    vectors = VectorAssembler(inputCols=work.COLUMNS, outputCol="features").transform(session.read.parquet(path))
    return vectors.select("features", functions.col("label").cast("double").alias("label")).repartition(work.threads)


def xgboost():
    from xgboost.spark import SparkXGBClassifier

    return TREES, SparkXGBClassifier(num_workers=work.threads, n_estimators=TREES, max_depth=6, tree_method="hist")


def mllib():
    passes = 10 * work.epochs
    return passes, MultilayerPerceptronClassifier(
        layers=[28, 64, 2], blockSize=work.batch, maxIter=passes, tol=0.0, seed=work.SEED
    )


passes, classifier = {"xgboost": xgboost, "mllib": mllib}[work.options[0]]()
rows = frame(work.train).cache()
count = rows.count()
duration, model = work.seconds(lambda: classifier.fit(rows))
right = functions.avg((functions.col("prediction") == functions.col("label")).cast("double"))
work.report(count * passes, duration, model.transform(frame(work.test)).agg(right).first()[0])
session.stop()
