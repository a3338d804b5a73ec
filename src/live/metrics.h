// Numbers in Prometheus' text format. One thread at a time, no dependencies; the few kinds that the
// provider needs. Source: Prometheus' "Exposition formats", version 0.0.4.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace casim::live {

using MetricLabels = std::vector<std::pair<std::string_view, std::string_view>>;

class Metrics {
 public:
  enum class Kind : std::uint8_t { kCounter, kGauge, kHistogram };

  // Once, before its first value. Buckets of a histogram: upper bounds, ascending.
  void describe(std::string name, Kind kind, std::string help, std::vector<double> buckets = {});

  void add(std::string_view counter, const MetricLabels& labels, double by = 1);
  void set(std::string_view gauge, const MetricLabels& labels, double value);
  void observe(std::string_view histogram, const MetricLabels& labels, double value);
  // Of a gauge whose label values come and go.
  void clear(std::string_view gauge);

  std::string text() const;

 private:
  struct Series {
    double value = 0;                    // of a histogram: the sum
    std::uint64_t count = 0;             // of a histogram
    std::vector<std::uint64_t> buckets;  // of a histogram: how many fell into each, not cumulative
  };

  struct Family {
    Kind kind = Kind::kCounter;
    std::string help;
    std::vector<double> bounds;
    std::map<std::string, Series> series;  // by labels as they are written
  };

  Series& series(std::string_view name, Kind kind, const MetricLabels& labels);

  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace casim::live
