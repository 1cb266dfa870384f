/** Lepton's models as Spark ML knows estimators and models. */
package io.lepton.spark.ml;
