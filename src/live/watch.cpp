#include "src/live/watch.h"

#include <array>

#include "src/core/result.h"
#include "src/server/reply_size.h"

namespace casim::live {
namespace {

using provider::Slot;
using provider::SlotState;
using Kind = Metrics::Kind;

// Beside 5 s, at which the autoscaler gives up.
const std::vector<double> kCallSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                          0.1,    0.25,  0.5,    1,     2.5,  5,     10};
const std::vector<double> kEc2Seconds = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

constexpr std::array<std::pair<SlotState, std::string_view>, 6> kStates = {{
    {SlotState::kRequested, "requested"},
    {SlotState::kCreating, "creating"},
    {SlotState::kRunning, "running"},
    {SlotState::kFailed, "failed"},
    {SlotState::kDeleting, "deleting"},
    {SlotState::kCancelled, "cancelled"},
}};

std::string_view code_name(int code) {
  return code == 0 ? "OK" : name_of(static_cast<ErrorCode>(code));
}

std::string_view why_of(provider::Ec2Wait::Why why) {
  switch (why) {
    case provider::Ec2Wait::Why::kRetry:
      return "retry";
    case provider::Ec2Wait::Why::kAgain:
      return "launch_again";
    case provider::Ec2Wait::Why::kTurn:
      return "rate_limit";
    case provider::Ec2Wait::Why::kLimiter:
      return "adaptive_limit";
  }
  return "";
}

std::int64_t number_of(CallId call) {
  return call ? static_cast<std::int64_t>(call.value()) : std::int64_t{0};
}

}  // namespace

Watch::Watch(Clock& clock, Log& log) : clock_(clock), log_(log) {
  describe_metrics();
  describe_call_metrics();
}

void Watch::describe_metrics() {
  metrics_.describe("casim_provider_slots", Kind::kGauge, "Slots by group and state.");
  metrics_.describe("casim_provider_target_size", Kind::kGauge,
                    "Target size of a group, as the autoscaler is told.");
  metrics_.describe("casim_provider_ready_size", Kind::kGauge,
                    "Machines of a group that have joined the cluster.");
  metrics_.describe("casim_provider_max_size", Kind::kGauge, "Greatest target size of a group.");
  metrics_.describe("casim_provider_slot_events_total", Kind::kCounter,
                    "What happened to slots: increased, accepted, joined, failed, deleting, "
                    "cancelled, gone.");
  metrics_.describe("casim_provider_slot_failures_total", Kind::kCounter,
                    "Slots that failed, by the code that the autoscaler is told.");
  metrics_.describe("casim_provider_epoch", Kind::kGauge, "Starts of the provider on its store.");
  metrics_.describe("casim_provider_store_batches_total", Kind::kCounter,
                    "Changes that the store made durable.");
  metrics_.describe("casim_provider_store_transactions_total", Kind::kCounter,
                    "Transactions that these took.");
  metrics_.describe("casim_provider_certificate_expiry_timestamp_seconds", Kind::kGauge,
                    "When the server's certificate ends.");
  metrics_.describe("casim_ec2_attempts_total", Kind::kCounter,
                    "Requests to EC2 by action and outcome; OK: it succeeded.");
  metrics_.describe("casim_ec2_attempt_seconds", Kind::kHistogram, "Time of a request to EC2.",
                    kEc2Seconds);
  metrics_.describe("casim_ec2_waits_total", Kind::kCounter,
                    "Waits before a request, by reason: retry, launch_again, rate_limit, "
                    "adaptive_limit.");
  metrics_.describe("casim_ec2_wait_seconds_total", Kind::kCounter, "Their length, summed up.");
}

void Watch::describe_call_metrics() {
  metrics_.describe("casim_provider_calls_total", Kind::kCounter,
                    "Calls of the autoscaler by method and gRPC code.");
  metrics_.describe("casim_provider_call_seconds", Kind::kHistogram,
                    "Time from arrival of a call to its answer.", kCallSeconds);
  metrics_.describe("casim_provider_calls_abandoned_total", Kind::kCounter,
                    "Calls whose client left before the answer, most often at its deadline.");
  metrics_.describe("casim_provider_largest_reply_bytes", Kind::kGauge,
                    "Largest reply of a method so far; grpc-go clients refuse more than 4194304.");
  metrics_.describe("casim_provider_last_refresh_timestamp_seconds", Kind::kGauge,
                    "When the autoscaler called Refresh last.");
}

std::string Watch::metrics_text(const provider::Provider* provider,
                                const provider::SqliteStore::Totals& store) {
  metrics_.clear("casim_provider_store_batches_total");
  metrics_.add("casim_provider_store_batches_total", {}, static_cast<double>(store.batches));
  metrics_.clear("casim_provider_store_transactions_total");
  metrics_.add("casim_provider_store_transactions_total", {},
               static_cast<double>(store.transactions));
  if (provider != nullptr) set_slots(*provider);
  return metrics_.text();
}

void Watch::set_slots(const provider::Provider& provider) {
  for (const char* gauge : {"casim_provider_slots", "casim_provider_target_size",
                            "casim_provider_ready_size", "casim_provider_max_size"}) {
    metrics_.clear(gauge);
  }
  std::map<std::pair<std::string, SlotState>, int> counts;
  for (const Slot& slot : provider.slots()) ++counts[{slot.group, slot.state}];
  for (const auto& [key, count] : counts) {
    for (const auto& [state, text] : kStates) {
      if (state != key.second) continue;
      metrics_.set("casim_provider_slots", {{"group", key.first}, {"state", text}}, count);
    }
  }
  for (const provider::GroupConfig& group : provider.groups()) {
    const MetricLabels labels = {{"group", group.id}};
    metrics_.set("casim_provider_target_size", labels, *provider.target_size(group.id));
    const auto ready = counts.find({group.id, SlotState::kRunning});
    metrics_.set("casim_provider_ready_size", labels, ready == counts.end() ? 0 : ready->second);
    metrics_.set("casim_provider_max_size", labels, group.max_size);
  }
}

void Watch::note_certificate(std::optional<WallTime> expires) {
  if (!expires) return;
  metrics_.set("casim_provider_certificate_expiry_timestamp_seconds", {},
               to_seconds(expires->time_since_epoch()));
}

void Watch::on_cancelled(const server::CallInfo& call) {
  metrics_.add("casim_provider_calls_abandoned_total", {{"method", name_of(call.method)}});
  log_.warning("the client left before the answer",
               {{"call", number_of(call.id)},
                {"method", name_of(call.method)},
                {"group", call.group},
                {"seconds", to_seconds(clock_.now() - call.arrived)}});
}

void Watch::on_finished(const server::CallInfo& call, int code) {
  const std::string_view method = name_of(call.method);
  const double seconds = to_seconds(clock_.now() - call.arrived);
  metrics_.add("casim_provider_calls_total", {{"method", method}, {"code", code_name(code)}});
  metrics_.observe("casim_provider_call_seconds", {{"method", method}}, seconds);
  if (call.method == RpcMethod::kRefresh) {
    last_refresh_ = clock_.now();
    metrics_.set("casim_provider_last_refresh_timestamp_seconds", {},
                 to_seconds(clock_.wall_now().time_since_epoch()));
  }
  note_reply_size(call);
  const std::initializer_list<LogField> fields = {
      {"call", number_of(call.id)},        {"method", method},        {"group", call.group},
      {"delta", std::int64_t{call.delta}}, {"code", code_name(code)}, {"seconds", seconds}};
  const bool is_expected = code == 0 || static_cast<ErrorCode>(code) == ErrorCode::kUnimplemented;
  if (!is_expected) {
    log_.warning("call failed", fields);
  } else if (is_mutation(call.method)) {
    log_.info("call", fields);
  } else {
    log_.debug("call", fields);
  }
}

// Said at each doubling of what is left, not with each call.
void Watch::note_reply_size(const server::CallInfo& call) {
  std::size_t& largest = largest_reply_[call.method];
  if (call.reply_bytes <= largest) return;
  const std::size_t before = largest;
  largest = call.reply_bytes;
  metrics_.set("casim_provider_largest_reply_bytes", {{"method", name_of(call.method)}},
               static_cast<double>(largest));
  const auto step = [](std::size_t bytes) { return bytes / (server::kReplyLimit / 16); };
  if (largest < server::kReplyWarning || step(largest) == step(before)) return;
  log_.warning("a reply nears the receive limit of the autoscaler's client; use smaller groups",
               {{"method", name_of(call.method)},
                {"group", call.group},
                {"bytes", static_cast<std::int64_t>(largest)},
                {"limit", static_cast<std::int64_t>(server::kReplyLimit)}});
}

void Watch::on_started(std::uint64_t epoch) {
  metrics_.set("casim_provider_epoch", {}, static_cast<double>(epoch));
  log_.info("provider started", {{"epoch", static_cast<std::int64_t>(epoch)}});
}

void Watch::on_target(const std::string& group, int target) {
  log_.info("target", {{"group", group}, {"target", std::int64_t{target}}});
}

void Watch::on_increase_committed(const std::string& group, CallId call,
                                  std::span<const Slot> slots) {
  metrics_.add("casim_provider_slot_events_total", {{"group", group}, {"event", "increased"}},
               static_cast<double>(slots.size()));
  log_.info("increase committed", {{"call", number_of(call)},
                                   {"group", group},
                                   {"slots", static_cast<std::int64_t>(slots.size())}});
}

void Watch::on_launch_accepted(const Slot& slot) { note_slot("accepted", slot, CallId()); }

void Watch::on_slot_failed(const Slot& slot) {
  note_slot("failed", slot, CallId());
  if (!slot.failure) return;
  metrics_.add("casim_provider_slot_failures_total",
               {{"group", slot.group}, {"code", slot.failure->code}});
  log_.warning("slot failed", {{"slot", static_cast<std::int64_t>(slot.id.value())},
                               {"group", slot.group},
                               {"code", slot.failure->code},
                               {"message", slot.failure->message}});
}

void Watch::on_joined(const Slot& slot) { note_slot("joined", slot, CallId()); }

void Watch::on_deleting(const Slot& slot, CallId call) { note_slot("deleting", slot, call); }

void Watch::on_cancelled(const Slot& slot, CallId call) { note_slot("cancelled", slot, call); }

void Watch::on_slot_gone(const Slot& slot) { note_slot("gone", slot, CallId()); }

void Watch::note_slot(std::string_view event, const Slot& slot, CallId call) {
  metrics_.add("casim_provider_slot_events_total", {{"group", slot.group}, {"event", event}});
  log_.info(event, {{"slot", static_cast<std::int64_t>(slot.id.value())},
                    {"group", slot.group},
                    {"instance", slot.instance_id},
                    {"node", slot.node_name},
                    {"call", number_of(call)}});
}

void Watch::on_wait(const provider::Ec2Wait& wait) {
  const MetricLabels labels = {{"action", name_of(wait.action)}, {"why", why_of(wait.why)}};
  metrics_.add("casim_ec2_waits_total", labels);
  metrics_.add("casim_ec2_wait_seconds_total", labels, to_seconds(wait.length));
  log_.debug("waiting for EC2", {{"action", name_of(wait.action)},
                                 {"why", why_of(wait.why)},
                                 {"error", wait.error},
                                 {"seconds", to_seconds(wait.length)}});
}

void Watch::on_attempt(const ec2::AttemptSeen& attempt) {
  const std::string_view action = name_of(attempt.action);
  const std::string_view outcome =
      attempt.outcome.empty() ? std::string_view("OK") : std::string_view(attempt.outcome);
  metrics_.add("casim_ec2_attempts_total", {{"action", action}, {"outcome", outcome}});
  metrics_.observe("casim_ec2_attempt_seconds", {{"action", action}}, to_seconds(attempt.took));
  const std::initializer_list<LogField> fields = {{"action", action},
                                                  {"outcome", outcome},
                                                  {"message", attempt.message},
                                                  {"request_id", attempt.request_id},
                                                  {"seconds", to_seconds(attempt.took)}};
  if (attempt.outcome.empty()) {
    log_.debug("EC2 answered", fields);
  } else {
    log_.info("EC2 refused or did not answer", fields);
  }
}

}  // namespace casim::live
