#include "sim/study/paired_comparison.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <boost/math/distributions/students_t.hpp>

#include "sim/metrics/collectors.h"
#include "sim/study/interval.h"
#include "sim/study/summary_leaves.h"

namespace casim::sim {
namespace {

using config::Value;

constexpr double kSignificant = 0.05;

// A value in each pair of runs.
struct PairedValue {
  std::vector<Value> base;
  std::vector<Value> now;
  ValueType type;
  bool may_be_worse = false;  // in some pair it is, alone
};

double paired_p(const std::vector<double>& differences) {
  const auto n = static_cast<double>(differences.size());
  const double mean = mean_of(differences);
  double squares = 0;
  for (const double d : differences) squares += (d - mean) * (d - mean);
  const double error = std::sqrt(squares / (n - 1) / n);
  if (error == 0) return mean == 0 ? 1 : 0;
  const boost::math::students_t_distribution<double> t(n - 1);
  return 2 * boost::math::cdf(boost::math::complement(t, std::abs(mean) / error));
}

// Null where there is none.
std::vector<double> numbers_of(const std::vector<Value>& values) {
  std::vector<double> out;
  for (const Value& value : values) {
    if (const auto number = value.as_double()) out.push_back(*number);
  }
  return out;
}

ChangedValue threshold_of_runs(const std::string& path, const PairedValue& value) {
  const auto held = [](const std::vector<Value>& verdicts) {
    return static_cast<std::int64_t>(std::ranges::count(verdicts, Value(true)));
  };
  const std::int64_t before = held(value.base);
  const std::int64_t now = held(value.now);
  return {.path = path,
          .type = ValueType::count("runs"),
          .base = before,
          .now = now,
          .difference = static_cast<double>(now - before),
          .is_worse = now < before,
          .paired = {}};
}

// One that has no number in some run: never is worse than any number.
ChangedValue without_number(const std::string& path, const PairedValue& value) {
  const auto first = std::ranges::mismatch(value.base, value.now);
  const auto nulls = [](const std::vector<Value>& values) {
    return std::ranges::count_if(values, &Value::is_null);
  };
  return {.path = path,
          .type = value.type,
          .base = first.in1 == value.base.end() ? Value() : *first.in1,
          .now = first.in2 == value.now.end() ? Value() : *first.in2,
          .difference = {},
          .is_worse = value.may_be_worse && nulls(value.now) > nulls(value.base),
          .paired = {}};
}

ChangedValue with_interval(const std::string& path, const PairedValue& value) {
  const std::vector<double> base = numbers_of(value.base);
  const std::vector<double> now = numbers_of(value.now);
  std::vector<double> differences;
  PairedDifference paired;
  for (std::size_t i = 0; i < base.size(); ++i) {
    differences.push_back(now[i] - base[i]);
    paired.up += now[i] > base[i] ? 1 : 0;
    paired.down += now[i] < base[i] ? 1 : 0;
  }
  paired.mean = mean_interval(differences, path).value_or(Interval{});
  paired.p = paired_p(differences);
  ValueType type = value.type;
  if (type.kind == ValueType::Kind::kInteger) type.kind = ValueType::Kind::kNumber;  // a mean
  return {.path = path,
          .type = type,
          .base = mean_of(base),
          .now = mean_of(now),
          .difference = mean_of(differences),
          .is_worse = value.may_be_worse,  // until judge()
          .paired = paired};
}

// Holm: the least p times the number of tests, the next one times one less, never falling.
void correct(std::vector<ChangedValue>& changed) {
  std::vector<ChangedValue*> tested;
  for (ChangedValue& value : changed) {
    if (value.paired) tested.push_back(&value);
  }
  std::ranges::stable_sort(tested, {}, [](const ChangedValue* value) { return value->paired->p; });
  double least = 0;
  for (std::size_t i = 0; i < tested.size(); ++i) {
    const auto left = static_cast<double>(tested.size() - i);
    least = std::max(least, std::min(1.0, tested[i]->paired->p * left));
    tested[i]->paired->p = least;
  }
}

void judge(ChangedValue& value, Better better) {
  if (!value.paired) return;
  const Interval& mean = value.paired->mean;
  const bool is_beyond = better == Better::kLower    ? mean.low > 0
                         : better == Better::kHigher ? mean.high < 0
                                                     : false;
  value.is_worse = value.is_worse && is_beyond && value.paired->p <= kSignificant;
}

class PairedRuns {
 public:
  // The error of the first pair that cannot be compared.
  std::expected<void, std::string> add(const SummaryPair& pair, bool across) {
    auto comparison = compare_summaries(*pair.first, *pair.second, across);
    if (!comparison) return std::unexpected(comparison.error());
    out_.values = std::max(out_.values, comparison->values);
    out_.has_other_digest = out_.has_other_digest || comparison->has_other_digest;
    out_.version_before = comparison->version_before;
    out_.version_now = comparison->version_now;
    std::map<std::string, Value> own;
    for (SummaryLeaf& leaf : leaves_of(*pair.first)) own[leaf.path] = std::move(leaf.value);
    bases_.push_back(std::move(own));
    std::map<std::string, ChangedValue> changed;
    for (ChangedValue& value : comparison->changed) {
      if (seen_.insert(value.path).second) order_.push_back(value.path);
      std::string path = value.path;
      changed.emplace(std::move(path), std::move(value));
    }
    changes_.push_back(std::move(changed));
    return {};
  }

  Comparison finish(const std::string& scenario) {
    const SummaryValues table = values_of(Summary{});
    for (const std::string& path : order_) {
      const PairedValue value = value_at(path, table);
      const std::size_t pairs = bases_.size();
      const bool has_numbers =
          numbers_of(value.base).size() == pairs && numbers_of(value.now).size() == pairs;
      out_.changed.push_back(is_threshold(path) ? threshold_of_runs(path, value)
                             : has_numbers      ? with_interval(path, value)
                                                : without_number(path, value));
    }
    correct(out_.changed);
    for (ChangedValue& value : out_.changed) {
      const SummaryValues::Match match = table.match(value.path);
      judge(value, match.row != nullptr ? match.row->better : Better::kNeither);
    }
    out_.name = fmt::format("{}, {} paired seeds", scenario, bases_.size());
    out_.pairs = bases_.size();
    out_.stage = stage_of(out_.changed);
    return std::move(out_);
  }

 private:
  // What a pair does not list as changed is the same in both.
  PairedValue value_at(const std::string& path, const SummaryValues& table) const {
    const SummaryValues::Match match = table.match(path);
    const bool is_zero = match.row != nullptr && is_zero_if_absent(*match.row);
    PairedValue out;
    for (std::size_t i = 0; i < bases_.size(); ++i) {
      const auto changed = changes_[i].find(path);
      if (changed != changes_[i].end()) {
        out.base.push_back(changed->second.base);
        out.now.push_back(changed->second.now);
        out.type = changed->second.type;
        out.may_be_worse = out.may_be_worse || changed->second.is_worse;
        continue;
      }
      const auto same = bases_[i].find(path);
      const Value absent = is_zero ? Value(0) : Value();
      out.base.push_back(same != bases_[i].end() ? same->second : absent);
      out.now.push_back(out.base.back());
    }
    return out;
  }

  Comparison out_;
  std::vector<std::string> order_;  // of paths that changed in some pair
  std::set<std::string> seen_;
  std::vector<std::map<std::string, Value>> bases_;  // by pair
  std::vector<std::map<std::string, ChangedValue>> changes_;
};

}  // namespace

std::expected<Comparison, std::string> compare_replicated(const std::string& scenario,
                                                          const std::vector<SummaryPair>& pairs,
                                                          bool across) {
  assert(pairs.size() >= kFewestPairs);
  PairedRuns gathered;
  for (const SummaryPair& pair : pairs) {
    if (auto added = gathered.add(pair, across); !added) return std::unexpected(added.error());
  }
  return gathered.finish(scenario);
}

}  // namespace casim::sim
