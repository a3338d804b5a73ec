// A client of src/backoff that meets scripted answers: what retry cases run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oracle/judge/strict_json.h"
#include "src/backoff/preset.h"
#include "src/backoff/retry.h"
#include "src/ec2/attempt.h"

namespace casim::oracle {

// How one call went.
struct CallStory {
  int attempts = 0;
  std::vector<double> delays_s;
  std::string final_error;  // empty: success
  std::string stopped_by;
};

// The preset of a case, with its knobs. Throws std::runtime_error.
backoff::RetrySettings settings_of_case(const Json& one);

// `errors` in order, then what `then` says.
class ScriptedAnswers {
 public:
  explicit ScriptedAnswers(const Json& given);

  // Of the n-th attempt, from 0; none: success.
  std::optional<ec2::AttemptError> answer(std::size_t attempt) const;

 private:
  std::vector<ec2::AttemptError> errors_;
  bool last_repeats_;
};

// What a case calls the error that a call ended with.
std::string name_of_error(const ec2::AttemptError& error, const backoff::Classification& rule);

CallStory run_call(const backoff::RetrySettings& settings, backoff::RetryQuota* quota,
                   const ScriptedAnswers& answers, double u);

}  // namespace casim::oracle
