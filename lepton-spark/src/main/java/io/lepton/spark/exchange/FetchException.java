package io.lepton.spark.exchange;

/** A slice that did not come. Whoever made it can be asked to make it again. */
public final class FetchException extends RuntimeException {
  private final Address address;

  FetchException(Address.Slice slice, String why, Throwable cause) {
    super(
        "%s must send %s, but %s".formatted(slice.address().peer(), slice.block().name(), why),
        cause);
    this.address = slice.address();
  }

  /**
   * One that another process met.
   *
   * @param message of its
   */
  public FetchException(Address address, String message) {
    super(message);
    this.address = address;
  }

  /** Where it should have come from. */
  public Address address() {
    return address;
  }
}
