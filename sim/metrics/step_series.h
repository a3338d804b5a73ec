// Quantities over time in bounded memory: rows of one equal step, which doubles, rows merging two
// by two, when the run outgrows them. A gauge keeps of each row its mean over time, its least and
// its most, so that no peak is lost, not even one of no length; a counter keeps what was added.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/core/time.h"

namespace casim::sim {

struct GaugeRow {
  double integral = 0;  // value times seconds
  std::int64_t least = 0;
  std::int64_t most = 0;
};

// What a gauge or counter is known by.
struct SeriesColumn {
  std::size_t at = 0;
};

class StepSeries {
 public:
  static constexpr std::size_t kMostRows = 2048;
  static constexpr Duration kFirstStep = std::chrono::seconds(1);

  // At any time; it has been 0 until now.
  SeriesColumn add_gauge();
  SeriesColumn add_counter();

  // Requires: time does not run back.
  void set(SeriesColumn gauge, TimePoint at, std::int64_t value);
  void add(SeriesColumn gauge, TimePoint at, std::int64_t more);
  void count(SeriesColumn counter, TimePoint at);

  std::int64_t now(SeriesColumn gauge) const { return gauges_[gauge.at].value; }

  // All as it stands at the end of a run. The last row may be shorter than a step; an event of the
  // very end is of that row.
  class Rows {
   public:
    Rows(const StepSeries& series, TimePoint end);

    std::size_t size() const { return size_; }

    Duration step() const { return step_; }

    TimePoint begin_of(std::size_t row) const;
    Duration length_of(std::size_t row) const;
    double mean_of(SeriesColumn gauge, std::size_t row) const;
    const GaugeRow& of(SeriesColumn gauge, std::size_t row) const;
    std::int64_t count_of(SeriesColumn counter, std::size_t row) const;

   private:
    Duration step_;
    TimePoint end_;
    std::size_t size_ = 0;
    std::vector<std::vector<GaugeRow>> gauges_;
    std::vector<std::vector<std::int64_t>> counters_;
  };

 private:
  struct Gauge {
    std::vector<GaugeRow> rows;  // the last one is of `since`
    TimePoint since{};           // up to when the rows are filled
    std::int64_t value = 0;
  };

  std::size_t row_at(TimePoint at);  // doubles the step until there is one
  void double_step();
  // Fills the rows up to that time, which are then one more than the row before it.
  void advance(Gauge& gauge, TimePoint to) const;
  std::size_t index(TimePoint at) const;

  Duration step_ = kFirstStep;
  std::vector<Gauge> gauges_;
  std::vector<std::vector<std::int64_t>> counters_;
};

}  // namespace casim::sim
