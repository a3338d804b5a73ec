// A managed resource of Crossplane's provider-http as its API object: a Request (a long-lived thing
// behind a REST-like interface) or a DisposableRequest (one call, until it is accepted). Both have
// the metadata that crossplane-runtime hangs its decisions on, and the status that the provider
// keeps of the calls. Source: provisioning-paths.md 1.2, 1.3 [PH apis, XR meta.go].
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/core/time.h"

namespace casim::sim {

enum class HttpMethod : std::uint8_t { kGet, kPost, kPut, kDelete };

// What the reply is looked at for; the bodies themselves do not matter.
struct HttpReply {
  int status = 0;           // 0: there was none
  std::string id = {};      // that the body names
  std::string state = {};   // likewise
  std::string error = {};   // an error's code, for people
  bool matches = true;      // it has what the body of the update mapping asks for
  bool is_expected = true;  // it passes expectedResponse
};

// A condition that was never set is not listed.
enum class ConditionState : std::uint8_t { kUnset, kFalse, kTrue };

// What never changes by itself.
struct ManagedSpec {
  bool is_disposable = false;
  bool has_update_mapping = false;
  // Until which time a call may take, else it failed; the reconcile's own limit cuts it as well.
  Duration wait_timeout = std::chrono::seconds(300);
  // Of a DisposableRequest.
  std::optional<int> retries_limit;        // rollbackRetriesLimit
  std::optional<Duration> next_reconcile;  // nextReconcile
  bool loops = false;                      // shouldLoopInfinitely
};

// Stamps are RFC 3339 and so cut to whole seconds.
struct ManagedMeta {
  bool is_deleted = false;  // has a deletion timestamp
  bool has_external_name = false;
  bool has_finalizer = false;
  std::uint64_t generation = 1;  // of spec and labels
  std::optional<WallTime> pending;
  std::optional<WallTime> succeeded;
  std::optional<WallTime> failed;
};

struct ManagedStatus {
  ConditionState ready = ConditionState::kUnset;
  ConditionState synced = ConditionState::kUnset;
  ConditionState error_observed = ConditionState::kUnset;
  int code = 0;  // of the last reply that was stored; 0: none
  HttpMethod method = HttpMethod::kGet;
  int failures = 0;
  bool has_error = false;  // an error text
  std::string error = {};  // an HTTP error's code, which is no error text
  bool is_expected = true;
  std::string id = {};  // of the external thing, from the last reply that named one
  std::string state = {};
  bool is_stuck = false;  // the reconciler has found its creation incomplete
  // Of a DisposableRequest.
  bool is_sent = false;  // status.synced
  std::optional<WallTime> last_sent;
};

struct Managed {
  ManagedSpec spec;
  ManagedMeta meta;
  ManagedStatus status;
};

// The creation began, and how it ended was never stored: what may have been made is lost, so the
// reconciler does nothing any more.
bool is_creation_incomplete(const ManagedMeta& meta);

bool is_http_success(int status);
bool is_http_error(int status);

}  // namespace casim::sim
