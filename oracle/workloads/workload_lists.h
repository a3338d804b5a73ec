// Lists of [t, n] and ranges: what cases of workload controllers assert, and how what happened is
// compared with it.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "oracle/workloads/workload_world.h"

namespace casim::oracle {

// How many at each instant, in seconds.
using CountsAt = std::map<double, std::int64_t>;
// Who at each instant, sorted.
using NamesAt = std::map<double, std::vector<std::string>>;

using PodFilter = std::function<bool(const MadePod&)>;
using PodText = std::function<std::string(const MadePod&)>;

// Of the pods that the filter lets through; without one all.
CountsAt created(const std::vector<MadePod>& pods, const PodFilter& filter = nullptr);
CountsAt deleted(const std::vector<MadePod>& pods, const PodFilter& filter = nullptr);
NamesAt created_names(const std::vector<MadePod>& pods, const PodText& text);
NamesAt deleted_names(const std::vector<MadePod>& pods, const PodText& text);

// The difference in words; empty: none. Times agree within a millisecond.
std::string compare_counts(const nlohmann::json& expected, const CountsAt& got);
// Of rows [t, [name or number, ...]], in any order.
std::string compare_names(const nlohmann::json& expected, const NamesAt& got);
std::string compare_time(const nlohmann::json& expected, const std::optional<double>& got);
// expected: [lo, hi].
std::string compare_range(const nlohmann::json& expected, const std::optional<double>& got);
std::string compare_equal(const nlohmann::json& expected, const nlohmann::json& got);
// Rows [t, lo, hi]: how many by t.
std::string compare_progress(const nlohmann::json& rows, const CountsAt& got);

std::optional<double> last_time(const CountsAt& counts);
std::int64_t total(const CountsAt& counts);

// What is asserted, by key: each gives its difference. A key of `expect` that is none is an error.
using Checks = std::map<std::string, std::function<std::string(const nlohmann::json& expected)>>;
std::string check_all(const nlohmann::json& expect, const Checks& checks);

// Of any family with limits or latencies.
void add_rate_checks(Checks& checks, const WorkloadWorld& world);

}  // namespace casim::oracle
