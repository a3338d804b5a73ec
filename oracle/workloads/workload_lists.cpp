#include "oracle/workloads/workload_lists.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "oracle/judge/strict_json.h"

namespace casim::oracle {

namespace {

constexpr double kListTolerance = 0.001 + 1e-9;  // seconds

bool are_equal(double a, double b) { return std::abs(a - b) <= kListTolerance; }

Json rows_of(const CountsAt& counts) {
  Json rows = Json::array();
  for (const auto& [t, n] : counts) rows.push_back(Json::array({t, n}));
  return rows;
}

Json rows_of(const NamesAt& names) {
  Json rows = Json::array();
  for (const auto& [t, list] : names) rows.push_back(Json::array({t, list}));
  return rows;
}

std::string differ(const Json& expected, const Json& got) {
  return fmt::format("expected {}, got {}", expected.dump(), got.dump());
}

Json sorted_words(const Json& list) {
  std::vector<std::string> words;
  for (const Json& one : list)
    words.push_back(one.is_string() ? one.get<std::string>() : one.dump());
  std::ranges::sort(words);
  return words;
}

bool passes(const PodFilter& filter, const MadePod& pod) { return !filter || filter(pod); }

}  // namespace

CountsAt created(const std::vector<MadePod>& pods, const PodFilter& filter) {
  CountsAt counts;
  for (const MadePod& pod : pods) {
    if (passes(filter, pod)) ++counts[to_seconds(pod.created)];
  }
  return counts;
}

CountsAt deleted(const std::vector<MadePod>& pods, const PodFilter& filter) {
  CountsAt counts;
  for (const MadePod& pod : pods) {
    if (pod.deleted && passes(filter, pod)) ++counts[to_seconds(*pod.deleted)];
  }
  return counts;
}

NamesAt created_names(const std::vector<MadePod>& pods, const PodText& text) {
  NamesAt names;
  for (const MadePod& pod : pods) names[to_seconds(pod.created)].push_back(text(pod));
  return names;
}

NamesAt deleted_names(const std::vector<MadePod>& pods, const PodText& text) {
  NamesAt names;
  for (const MadePod& pod : pods) {
    if (pod.deleted) names[to_seconds(*pod.deleted)].push_back(text(pod));
  }
  return names;
}

std::string compare_counts(const Json& expected, const CountsAt& got) {
  const Json rows = rows_of(got);
  bool equal = rows.size() == expected.size();
  for (std::size_t i = 0; equal && i < rows.size(); ++i) {
    equal = are_equal(expected[i].at(0), rows[i][0]) && expected[i].at(1) == rows[i][1];
  }
  return equal ? "" : differ(expected, rows);
}

std::string compare_names(const Json& expected, const NamesAt& got) {
  const Json rows = rows_of(got);
  bool equal = rows.size() == expected.size();
  for (std::size_t i = 0; equal && i < rows.size(); ++i) {
    equal = are_equal(expected[i].at(0), rows[i][0]) &&
            sorted_words(expected[i].at(1)) == sorted_words(rows[i][1]);
  }
  return equal ? "" : differ(expected, rows);
}

std::string compare_time(const Json& expected, const std::optional<double>& got) {
  if (got && are_equal(expected, *got)) return "";
  return differ(expected, got ? Json(*got) : Json());
}

std::string compare_range(const Json& expected, const std::optional<double>& got) {
  if (got && expected.at(0).get<double>() - kListTolerance <= *got &&
      *got <= expected.at(1).get<double>() + kListTolerance) {
    return "";
  }
  return differ(expected, got ? Json(*got) : Json());
}

std::string compare_equal(const Json& expected, const Json& got) {
  return expected == got ? "" : differ(expected, got);
}

std::string compare_progress(const Json& rows, const CountsAt& got) {
  for (const Json& row : rows) {
    std::int64_t by = 0;
    for (const auto& [t, n] : got) by += t <= row.at(0).get<double>() + 1e-9 ? n : 0;
    if (by < row.at(1).get<std::int64_t>() || by > row.at(2).get<std::int64_t>()) {
      return fmt::format("expected {} to {} by {}, got {}", row.at(1).dump(), row.at(2).dump(),
                         row.at(0).dump(), by);
    }
  }
  return "";
}

std::optional<double> last_time(const CountsAt& counts) {
  if (counts.empty()) return std::nullopt;
  return counts.rbegin()->first;
}

std::int64_t total(const CountsAt& counts) {
  std::int64_t sum = 0;
  for (const auto& [t, n] : counts) sum += n;
  return sum;
}

std::string check_all(const Json& expect, const Checks& checks) {
  for (const auto& [key, expected] : expect.items()) {
    const auto found = checks.find(key);
    if (found == checks.end()) throw std::runtime_error("unknown expectation \"" + key + "\"");
    const std::string difference = found->second(expected);
    if (!difference.empty()) return key + ": " + difference;
  }
  return "";
}

void add_rate_checks(Checks& checks, const WorkloadWorld& world) {
  const CountsAt made = created(world.pods());
  checks["total"] = [made](const Json& expected) { return compare_equal(expected, total(made)); };
  checks["progress"] = [made](const Json& rows) { return compare_progress(rows, made); };
  checks["created"] = [made](const Json& rows) { return compare_counts(rows, made); };
  checks["last_created_t"] = [made](const Json& range) {
    return compare_range(range, last_time(made));
  };
}

}  // namespace casim::oracle
