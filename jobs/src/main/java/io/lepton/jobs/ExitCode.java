package io.lepton.jobs;

/** What a command's end means to a script. */
enum ExitCode {
  DONE(0),
  UNEXPECTED(1),
  CONFIGURATION(2),
  DATA(3),
  INTERRUPTED(5);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
