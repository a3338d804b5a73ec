#include "sim/metrics/step_series.h"

#include <algorithm>
#include <cassert>

namespace casim::sim {

SeriesColumn StepSeries::add_gauge() {
  gauges_.push_back({{GaugeRow{}}, kTimeZero, 0});
  return {gauges_.size() - 1};
}

SeriesColumn StepSeries::add_counter() {
  counters_.emplace_back();
  return {counters_.size() - 1};
}

std::size_t StepSeries::index(TimePoint at) const {
  return static_cast<std::size_t>(at.time_since_epoch() / step_);
}

std::size_t StepSeries::row_at(TimePoint at) {
  while (index(at) >= kMostRows) double_step();
  return index(at);
}

void StepSeries::double_step() {
  step_ *= 2;
  for (Gauge& gauge : gauges_) {
    const std::size_t size = (gauge.rows.size() + 1) / 2;
    for (std::size_t i = 0; i < size; ++i) {
      GaugeRow row = gauge.rows[2 * i];
      if (2 * i + 1 < gauge.rows.size()) {
        const GaugeRow& second = gauge.rows[2 * i + 1];
        row.integral += second.integral;
        row.least = std::min(row.least, second.least);
        row.most = std::max(row.most, second.most);
      }
      gauge.rows[i] = row;
    }
    gauge.rows.resize(size);
  }
  for (std::vector<std::int64_t>& counts : counters_) {
    const std::size_t size = (counts.size() + 1) / 2;
    for (std::size_t i = 0; i < size; ++i) {
      counts[i] = counts[2 * i] + (2 * i + 1 < counts.size() ? counts[2 * i + 1] : 0);
    }
    counts.resize(size);
  }
}

void StepSeries::advance(Gauge& gauge, TimePoint to) const {
  assert(to >= gauge.since);
  while (gauge.since < to) {
    const auto next = static_cast<std::int64_t>(gauge.rows.size());
    const TimePoint row_end = kTimeZero + step_ * next;
    const TimePoint until = std::min(row_end, to);
    gauge.rows.back().integral +=
        static_cast<double>(gauge.value) * to_seconds(until - gauge.since);
    gauge.since = until;
    if (until == row_end) gauge.rows.push_back({0, gauge.value, gauge.value});
  }
}

void StepSeries::set(SeriesColumn column, TimePoint at, std::int64_t value) {
  Gauge& gauge = gauges_[column.at];
  if (gauge.value == value) return;
  row_at(at);
  advance(gauge, at);
  gauge.value = value;
  GaugeRow& row = gauge.rows.back();
  // What is there from the start has never been less.
  row.least = at == kTimeZero ? value : std::min(row.least, value);
  row.most = std::max(row.most, value);
}

void StepSeries::add(SeriesColumn gauge, TimePoint at, std::int64_t more) {
  set(gauge, at, gauges_[gauge.at].value + more);
}

void StepSeries::count(SeriesColumn counter, TimePoint at) {
  const std::size_t row = row_at(at);
  std::vector<std::int64_t>& counts = counters_[counter.at];
  if (row >= counts.size()) counts.resize(row + 1);
  ++counts[row];
}

StepSeries::Rows::Rows(const StepSeries& series, TimePoint end) : end_(end) {
  StepSeries whole = series;
  whole.row_at(end);
  step_ = whole.step_;
  size_ = std::max<std::size_t>(1, whole.index(end - Duration(1)) + 1);
  const auto fold = [this](auto& rows, const auto& into) {
    while (rows.size() > size_) {  // what happens at the very end is of the last row
      into(rows[rows.size() - 2], rows.back());
      rows.pop_back();
    }
    rows.resize(size_);
  };
  for (Gauge& gauge : whole.gauges_) {
    whole.advance(gauge, end);
    fold(gauge.rows, [](GaugeRow& row, const GaugeRow& after) {
      row.least = std::min(row.least, after.least);
      row.most = std::max(row.most, after.most);
    });
    gauges_.push_back(std::move(gauge.rows));
  }
  for (std::vector<std::int64_t>& counts : whole.counters_) {
    fold(counts, [](std::int64_t& row, std::int64_t after) { row += after; });
    counters_.push_back(std::move(counts));
  }
}

TimePoint StepSeries::Rows::begin_of(std::size_t row) const {
  return kTimeZero + step_ * static_cast<std::int64_t>(row);
}

Duration StepSeries::Rows::length_of(std::size_t row) const {
  return std::min(begin_of(row) + step_, end_) - begin_of(row);
}

double StepSeries::Rows::mean_of(SeriesColumn gauge, std::size_t row) const {
  const GaugeRow& of_row = of(gauge, row);
  const Duration length = length_of(row);
  // A run of no length has only its last value.
  return length > Duration{} ? of_row.integral / to_seconds(length)
                             : static_cast<double>(of_row.most);
}

const GaugeRow& StepSeries::Rows::of(SeriesColumn gauge, std::size_t row) const {
  return gauges_[gauge.at][row];
}

std::int64_t StepSeries::Rows::count_of(SeriesColumn counter, std::size_t row) const {
  return counters_[counter.at][row];
}

}  // namespace casim::sim
