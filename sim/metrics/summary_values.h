// The values of a summary as one table. A row says where its value stands in summary.json, what it
// means, in which unit, and which way is better; whoever writes, prints, explains or compares a
// result reads these rows. A collector lists its own, next to the code that makes the numbers:
//
//   out.add("nodes.gone", ValueType::count("nodes"), totals.gone, "nodes that left the cluster");
//
// The same rows are listed for every run, also for one that saw nothing: they describe results as
// such (casim schema --result).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/config/value.h"
#include "src/core/time.h"

namespace casim::sim {

enum class Better : std::uint8_t { kNeither, kLower, kHigher };

struct ValueType {
  enum class Kind : std::uint8_t { kInteger, kNumber, kText, kFlag };

  Kind kind = Kind::kInteger;
  std::string_view unit;  // "s", "node-hours", "share"; of a count what is counted; empty: none
  bool nullable = false;  // null: there is no answer, as of a percentile of nobody

  static constexpr ValueType count(std::string_view what) { return {Kind::kInteger, what}; }

  static constexpr ValueType integer() { return {Kind::kInteger, ""}; }

  static constexpr ValueType seconds() { return {Kind::kNumber, "s"}; }

  static constexpr ValueType node_hours() { return {Kind::kNumber, "node-hours"}; }

  static constexpr ValueType instance_hours() { return {Kind::kNumber, "instance-hours"}; }

  static constexpr ValueType usd() { return {Kind::kNumber, "USD"}; }

  static constexpr ValueType share() { return {Kind::kNumber, "share"}; }  // 0 to 1

  static constexpr ValueType text() { return {Kind::kText, ""}; }

  static constexpr ValueType flag() { return {Kind::kFlag, ""}; }

  constexpr ValueType or_null() const { return {kind, unit, true}; }
};

struct SummaryValue {
  std::string path;  // summary_path.h
  ValueType type;    // of one value; nullable behind "{name}": null stands for all of them
  std::string meaning;
  Better better = Better::kNeither;
  // One value. For each "{name}" in the path an object by name around it, for each "[]" a list.
  config::Value value;
};

// A total by name that a summary does not have is 0: a call that was never made, a type that was
// never paid for.
bool is_zero_if_absent(const SummaryValue& row);

class SummaryValues {
 public:
  // Requires: no row has this path.
  void add(std::string path, ValueType type, config::Value value, std::string meaning,
           Better better = Better::kNeither);

  const std::vector<SummaryValue>& rows() const { return rows_; }  // in the order of summary.json

  // Requires: a row has this path, "{name}" and "[]" as written there.
  const config::Value& at(std::string_view path) const;

  // Of a path with names filled in (rpc.Refresh.calls), not of one into a list.
  struct Match {
    const SummaryValue* row = nullptr;  // null: there is none
    std::vector<std::string> names;     // for each "{name}", in order
  };

  Match match(std::string_view path) const;

  // All values, each where its path leads: summary.json.
  config::Value tree() const;

 private:
  const SummaryValue* find(std::string_view path) const;

  std::vector<SummaryValue> rows_;
};

config::Value seconds_or_null(const std::optional<Duration>& duration);

// For "{name}".
config::Value by_name(const std::map<std::string, std::int64_t>& counts);

// For "{name}.{name}".
config::Value by_name(const std::map<std::string, std::map<std::string, std::int64_t>>& counts);

}  // namespace casim::sim
