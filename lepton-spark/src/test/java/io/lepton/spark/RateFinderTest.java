package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateFinderTest {
  @Test
  void ratesRiseByTheSameFactorUntilTheLossRunsAway() {
    TrainingJob job = Table.job(Table.DATA, 0.1, Table.options(1, 20, 4, 50));

    RateCurve curve =
        new RateFinder(1e-4, 1e3, 50).find(job, Table.of(Cluster.local(), Table.rows(90, 1, 1)));

    List<RateCurve.Point> points = curve.points();
    assertThat(points).hasSizeBetween(26, 49);
    for (int i = 0; i < points.size(); i++) {
      assertThat(points.get(i).rate()).isEqualTo(1e-4 * Math.pow(1e7, i / 49.0), offset(1e-6));
    }
    assertThat(curve.suggestion()).isBetween(1e-3, 1.0);
  }

  @Test
  void theSuggestionIsWhereTheLossFallsMostSteeply() {
    List<RateCurve.Point> points = new ArrayList<>();
    for (int i = 0; i <= 200; i++) {
      double decades = i / 20.0;
      double fall = 1 / (1 + Math.exp(4 * (decades - 5)));
      points.add(new RateCurve.Point(1e-8 * Math.pow(10, decades), fall + Math.exp(decades - 14)));
    }

    double suggestion = new RateCurve(points).suggestion();

    assertThat(Math.log10(suggestion)).isBetween(-3.0, -2.2);
  }

  @Test
  void aLuckyFirstBatchIsNotTakenForAFall() {
    List<RateCurve.Point> points = new ArrayList<>();
    for (int i = 0; i <= 100; i++) {
      double fall = 1 / (1 + Math.exp(i / 5.0 - 10));
      points.add(new RateCurve.Point(1e-8 * Math.pow(10, i / 10.0), i == 1 ? 0.1 : fall));
    }

    assertThat(Math.log10(new RateCurve(points).suggestion())).isBetween(-3.5, -1.5);
  }

  @Test
  void aLossThatNeverFallsSuggestsTheFirstRate() {
    RateCurve curve =
        new RateCurve(
            List.of(
                new RateCurve.Point(0.1, 1),
                new RateCurve.Point(0.2, 2),
                new RateCurve.Point(0.4, 3)));

    assertThat(curve.suggestion()).isEqualTo(0.1);
  }

  @Test
  void rangesThatDoNotRiseAreRefused() {
    assertThatThrownBy(() -> new RateFinder(0.1, 0.01, 10))
        .hasMessage("rates must rise from a positive one, but were: 0.1 to 0.01");
    assertThatThrownBy(() -> new RateFinder(0.1, 1, 1))
        .hasMessage("steps must be at least 2, but were: 1");
  }
}
