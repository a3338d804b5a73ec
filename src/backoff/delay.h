// How long to wait before the i-th retry. Pure: chance comes in as u. Source: ec2.md 4.1, 4.3
// (JIT).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/time.h"

namespace casim::backoff {

// With base b, maximum C, i from 0, u uniform in [0, 1) and p the delay before (b at first):
enum class DelayKind : std::uint8_t {
  kNone,          // min(C, b 2^i)
  kFull,          // u min(C, b 2^i)
  kEqual,         // h + u h with h = min(C, b 2^i) / 2
  kDecorrelated,  // min(C, b + u (3 p - b))
  kFullBelowMax,  // u b 2^i while b 2^i is at most C, then C without jitter: Go's v1
};

std::vector<std::pair<DelayKind, std::string_view>> enum_names(DelayKind);

struct DelayRule {
  DelayKind kind = DelayKind::kFull;
  std::optional<Duration> max = std::nullopt;  // none: grows without end
  bool first_at_once = false;                  // the first retry does not wait, the others as ever

  bool operator==(const DelayRule&) const = default;
};

// `previous`: the delay before, none at first; only kDecorrelated asks. The answer is at most some
// 30 years. Requires: retry >= 0, base > 0.
Duration delay_of(const DelayRule& rule, Duration base, int retry, double u,
                  std::optional<Duration> previous);

}  // namespace casim::backoff
