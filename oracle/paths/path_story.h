// What happened in the world of a path case, in the words of its expectations.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracle/judge/strict_json.h"
#include "src/core/time.h"

namespace casim::oracle {

struct PathCall {
  double t = 0;
  std::string method;
  std::string result;  // a status, or a fault
};

struct PathStory {
  std::vector<PathCall> calls;
  int created = 0;
  std::optional<double> gone_at;
  std::map<std::string, std::string> conditions;
  int failed = 0;
  // Lists of times or of numbers, by the key of the expectation.
  std::map<std::string, std::vector<double>> lists;
};

inline Duration seconds_of(const Json& given, const char* key, double otherwise = 0) {
  return from_seconds(given.value(key, otherwise));
}

inline std::vector<double> numbers_of(const Json& given, const char* key) {
  return given.value(key, std::vector<double>{});
}

// One function a family; each throws where the case does not keep to its schema.
PathStory run_queue_case(const Json& given);
PathStory run_request_case(const Json& given);  // request, gate and disposable
PathStory run_machines_case(const Json& given);
PathStory run_breaker_case(const Json& given);

}  // namespace casim::oracle
