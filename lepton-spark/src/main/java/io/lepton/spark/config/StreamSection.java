package io.lepton.spark.config;

import io.lepton.spark.predict.EventTime;
import java.util.Optional;

/**
 * How a stream is scored.
 *
 * @param eventTime of its rows; empty if none is too late
 */
public record StreamSection(Optional<EventTime> eventTime) {
  static StreamSection read(Settings stream) {
    return new StreamSection(
        stream
            .optionalSection("event-time")
            .map(
                it ->
                    new EventTime(
                        it.required("column", Rule.text()),
                        it.orDefault("lateness", Defaults.LATENESS, Rule.time()))));
  }
}
