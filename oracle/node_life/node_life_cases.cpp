#include "oracle/node_life/node_life_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "oracle/node_life/node_life_world.h"

namespace casim::oracle {

using Json = nlohmann::json;

namespace {

constexpr double kTimeTolerance = 0.2;  // seconds
// A limiter that gives a token a moment late does so again for each node that waits behind.
constexpr double kPerTurn = 0.1;

constexpr const char* kLists[] = {"ready",     "taints_added", "taints_removed", "pods_deleted",
                                  "pods_gone", "node_deleted", "replaced"};

using Words = std::vector<std::string>;
using Times = std::map<Words, std::vector<double>>;

std::string text(const Words& words) { return fmt::format("{}", fmt::join(words, " ")); }

// How the expectations of a list count what happened.
enum class Form { kEach, kNumber, kBy };

Words words_of(const Json& row, std::size_t numbers) {
  Words words;
  for (std::size_t i = 1; i + numbers < row.size(); ++i) words.push_back(row.at(i));
  return words;
}

Times expected_times(const Json& rows, Form form) {
  Times times;
  for (const Json& row : rows) {
    const int n = form == Form::kNumber ? row.back().get<int>() : 1;
    std::vector<double>& of = times[words_of(row, form == Form::kNumber ? 1 : 0)];
    of.insert(of.end(), static_cast<std::size_t>(n), row.at(0).get<double>());
  }
  return times;
}

Times got_times(const std::vector<NodeLifeRow>& rows, bool by_entry) {
  Times times;
  for (const NodeLifeRow& row : rows) {
    Words words = row.words;
    if (by_entry) words.front() = row.entry;
    times[words].push_back(to_seconds(row.at));
  }
  return times;
}

// The turns that a row may have waited for: every instant before it at which one was had.
double slack_of(const Times& expected, const Words& words, double t) {
  if (words.size() > 1 && words.back() != "NoExecute") return 0;
  std::vector<double> before;
  for (const auto& [other, times] : expected) {
    if (other.size() > 1 && other.back() != "NoExecute") continue;
    for (const double at : times) {
      if (at < t) before.push_back(at);
    }
  }
  std::ranges::sort(before);
  const auto rest = std::ranges::unique(before);
  return kPerTurn * static_cast<double>(rest.begin() - before.begin());
}

std::string compare(const Times& expected, Times got, double tolerance) {
  for (const auto& [words, times] : expected) {
    std::vector<double> wanted = times;
    std::vector<double>& found = got[words];
    std::ranges::sort(wanted);
    std::ranges::sort(found);
    if (wanted.size() != found.size()) {
      return fmt::format("{}: expected at {}, got {}", text(words), fmt::join(wanted, " "),
                         found.empty() ? "never" : fmt::format("{}", fmt::join(found, " ")));
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double most = tolerance + slack_of(expected, words, wanted[i]) + 1e-6;
      if (std::abs(wanted[i] - found[i]) > most) {
        return fmt::format("{}: expected at {}, got {}", text(words), wanted[i], found[i]);
      }
    }
    got.erase(words);
  }
  if (got.empty()) return "";
  return fmt::format("{}: not expected, but at {}", text(got.begin()->first),
                     fmt::join(got.begin()->second, " "));
}

std::string compare_by(const Json& rows, const std::vector<NodeLifeRow>& got, double tolerance) {
  const Times times = got_times(got, true);
  for (const Json& row : rows) {
    const Words words = words_of(row, 2);
    const double t = row.at(0);
    const auto found = times.find(words);
    const auto count = [&](double until) {
      if (found == times.end()) return std::ptrdiff_t{0};
      return std::ranges::count_if(found->second, [&](double at) { return at <= until; });
    };
    const std::ptrdiff_t lo = row.at(row.size() - 2);
    const std::ptrdiff_t hi = row.back();
    if (count(t + tolerance) < lo || count(t - tolerance) > hi) {
      return fmt::format("{}: expected {} to {} by {}, got {}", text(words), lo, hi, t, count(t));
    }
  }
  return "";
}

std::string check(const std::string& key, const Json& rows, const NodeLifeRecord& record,
                  double tolerance) {
  for (const std::string list : kLists) {
    if (!key.starts_with(list)) continue;
    const std::string rest = key.substr(list.size());
    const auto found = record.find(list);
    const std::vector<NodeLifeRow> got =
        found == record.end() ? std::vector<NodeLifeRow>{} : found->second;
    if (rest == "_by") return compare_by(rows, got, tolerance);
    const bool is_number = rest == "_n" || list == "replaced";
    if (!rest.empty() && rest != "_n") break;
    const Form form = is_number ? Form::kNumber : Form::kEach;
    return compare(expected_times(rows, form), got_times(got, is_number), tolerance);
  }
  return "unknown expectation";
}

class NodeLifeKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("given") || !one.contains("expect")) return false;
    const Json& given = one.at("given");
    return given.is_object() && given.contains("ccm") && given.contains("duration_s");
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id");
    result.family = one.value("family", result.id.substr(0, result.id.rfind('-')));
    NodeLifeWorld world(one.at("given"));
    world.run();
    for (const auto& [key, rows] : one.at("expect").items()) {
      const std::string difference =
          check(key, rows, world.record(), one.value("tolerance_s", kTimeTolerance));
      if (difference.empty()) continue;
      result.difference = key + ": " + difference;
      return result;
    }
    result.passed = true;
    return result;
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_node_life_kind() { return std::make_unique<NodeLifeKind>(); }

}  // namespace casim::oracle
