package io.lepton.spark;

import io.lepton.tf.SessionOptions;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceInformation;

/** The GPU that Spark gave to a task. */
public final class TaskGpu {
  private static final String RESOURCE = "gpu";

  private TaskGpu() {}

  /** Whether tasks of an application are given GPUs. */
  static boolean isGivenBy(SparkConf conf) {
    return conf.getDouble("spark.task.resource.gpu.amount", 0) > 0;
  }

  /**
   * Its number, as CUDA counts in this process; {@link SessionOptions#NO_GPU} if none was given.
   *
   * @param resources of the task, by name; a program uses the first of several GPUs
   */
  public static int of(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(RESOURCE);
    if (gpus == null || gpus.addresses().length == 0) {
      return SessionOptions.NO_GPU;
    }
    String address = gpus.addresses()[0];
    if (!address.matches("\\d{1,4}")) {
      throw new IllegalStateException(
          "addresses of GPUs must be numbers as CUDA counts them, but one was: %s; mend the script"
                  .formatted(address)
              + " of spark.executor.resource.gpu.discoveryScript");
    }
    return Integer.parseInt(address);
  }
}
