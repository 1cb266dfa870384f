/** Tables and streams scored by a trained model: every row once, scored or put aside with why. */
package io.lepton.spark.predict;
