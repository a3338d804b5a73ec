#include "sim/paths/crossplane/managed.h"

#include <algorithm>

namespace casim::sim {

bool is_creation_incomplete(const ManagedMeta& meta) {
  if (!meta.pending) return false;
  constexpr WallTime kNever = WallTime::min();
  return *meta.pending > std::max(meta.succeeded.value_or(kNever), meta.failed.value_or(kNever));
}

bool is_http_success(int status) { return status >= 200 && status < 300; }

bool is_http_error(int status) { return status >= 400 && status < 600; }

}  // namespace casim::sim
