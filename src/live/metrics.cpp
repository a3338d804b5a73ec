#include "src/live/metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

namespace casim::live {
namespace {

void append_escaped(std::string& out, std::string_view text, bool is_label) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && is_label) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

std::string escaped_help(std::string_view text) {
  std::string out;
  append_escaped(out, text, false);
  return out;
}

// Of each call of the autoscaler, twice: so by hand.
std::string written(const MetricLabels& labels) {
  std::string text;
  text.reserve(64);
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text += name;
    text += "=\"";
    append_escaped(text, value, true);
    text += '"';
  }
  return text;
}

std::string number(double value) {
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string_view name_of(Metrics::Kind kind) {
  switch (kind) {
    case Metrics::Kind::kCounter:
      return "counter";
    case Metrics::Kind::kGauge:
      return "gauge";
    case Metrics::Kind::kHistogram:
      return "histogram";
  }
  return "untyped";
}

// "name{a="b"} value" and so on; `more` is a further label.
std::string line(std::string_view name, const std::string& labels, const std::string& more,
                 const std::string& value) {
  const std::string all = labels + (labels.empty() || more.empty() ? "" : ",") + more;
  return all.empty() ? fmt::format("{} {}\n", name, value)
                     : fmt::format("{}{{{}}} {}\n", name, all, value);
}

}  // namespace

void Metrics::describe(std::string name, Kind kind, std::string help, std::vector<double> buckets) {
  assert(std::ranges::is_sorted(buckets));
  Family family{.kind = kind, .help = std::move(help), .bounds = std::move(buckets), .series = {}};
  families_.emplace(std::move(name), std::move(family));
}

Metrics::Series& Metrics::series(std::string_view name, [[maybe_unused]] Kind kind,
                                 const MetricLabels& labels) {
  const auto family = families_.find(name);
  assert(family != families_.end());
  assert(family->second.kind == kind);
  return family->second.series[written(labels)];
}

void Metrics::add(std::string_view counter, const MetricLabels& labels, double by) {
  assert(by >= 0);
  series(counter, Kind::kCounter, labels).value += by;
}

void Metrics::set(std::string_view gauge, const MetricLabels& labels, double value) {
  series(gauge, Kind::kGauge, labels).value = value;
}

void Metrics::clear(std::string_view gauge) {
  const auto family = families_.find(gauge);
  assert(family != families_.end());
  family->second.series.clear();
}

void Metrics::observe(std::string_view histogram, const MetricLabels& labels, double value) {
  Series& one = series(histogram, Kind::kHistogram, labels);
  const std::vector<double>& bounds = families_.find(histogram)->second.bounds;
  one.buckets.resize(bounds.size());
  one.value += value;
  ++one.count;
  const auto bound = std::ranges::lower_bound(bounds, value);
  if (bound != bounds.end()) ++one.buckets[static_cast<std::size_t>(bound - bounds.begin())];
}

std::string Metrics::text() const {
  std::string out;
  for (const auto& [name, family] : families_) {
    if (family.series.empty()) continue;
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped_help(family.help), name,
                       name_of(family.kind));
    for (const auto& [labels, one] : family.series) {
      if (family.kind != Kind::kHistogram) {
        out += line(name, labels, "", number(one.value));
        continue;
      }
      std::uint64_t below = 0;
      for (std::size_t i = 0; i < family.bounds.size(); ++i) {
        below += one.buckets[i];
        out += line(name + "_bucket", labels, fmt::format("le=\"{}\"", number(family.bounds[i])),
                    std::to_string(below));
      }
      out += line(name + "_bucket", labels, "le=\"+Inf\"", std::to_string(one.count));
      out += line(name + "_sum", labels, "", number(one.value));
      out += line(name + "_count", labels, "", std::to_string(one.count));
    }
  }
  return out;
}

}  // namespace casim::live
