// What happens to a text that somebody hands to casim as a scenario: it is refused with reasons, or
// it is one, and then it can be written, read again and run. Anything else ends the process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/config/document.h"

namespace casim::fuzz {

enum class Verdict {
  kRefused,   // with at least one error
  kTooLarge,  // cannot be judged in a short time: so many pods or nodes
  kGood,
};

struct Trial {
  Verdict verdict = Verdict::kRefused;
  std::string problems;
};

// Reads and checks.
Trial try_reading(std::string_view text, config::Format format);

// Reads, checks, and runs what is good for so many events.
Trial try_running(std::string_view text, std::uint64_t event_limit);

}  // namespace casim::fuzz
