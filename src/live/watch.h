// Sees all that the provider does, and makes metrics and log lines of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/core/clock.h"
#include "src/ec2/http/http_api.h"
#include "src/live/log.h"
#include "src/live/metrics.h"
#include "src/provider/ec2_client.h"
#include "src/provider/ports.h"
#include "src/provider/provider.h"
#include "src/provider/sqlite_store.h"
#include "src/server/call_observer.h"

namespace casim::live {

class Watch final : public server::CallObserver,
                    public provider::Observer,
                    public provider::Ec2Observer,
                    public ec2::AttemptObserver {
 public:
  Watch(Clock& clock, Log& log);  // both outlive it

  // Of the state of the moment; then all of them as text.
  std::string metrics_text(const provider::Provider* provider,
                           const provider::SqliteStore::Totals& store);
  // When a certificate ends; none: plaintext.
  void note_certificate(std::optional<WallTime> expires);

  // When the autoscaler called Refresh last; none: not yet.
  std::optional<TimePoint> last_refresh() const { return last_refresh_; }

  // server::CallObserver
  bool wants_reply_size() const override { return true; }

  void on_cancelled(const server::CallInfo& call) override;
  void on_finished(const server::CallInfo& call, int code) override;

  // provider::Observer
  void on_started(std::uint64_t epoch) override;
  void on_target(const std::string& group, int target) override;
  void on_increase_committed(const std::string& group, CallId call,
                             std::span<const provider::Slot> slots) override;
  void on_launch_accepted(const provider::Slot& slot) override;
  void on_slot_failed(const provider::Slot& slot) override;
  void on_joined(const provider::Slot& slot) override;
  void on_deleting(const provider::Slot& slot, CallId call) override;
  void on_cancelled(const provider::Slot& slot, CallId call) override;
  void on_slot_gone(const provider::Slot& slot) override;

  // provider::Ec2Observer
  void on_wait(const provider::Ec2Wait& wait) override;

  // ec2::AttemptObserver
  void on_attempt(const ec2::AttemptSeen& attempt) override;

 private:
  void describe_metrics();
  void describe_call_metrics();
  void set_slots(const provider::Provider& provider);
  void note_slot(std::string_view event, const provider::Slot& slot, CallId call);
  void note_reply_size(const server::CallInfo& call);

  Clock& clock_;
  Log& log_;
  Metrics metrics_;
  std::map<RpcMethod, std::size_t> largest_reply_;
  std::optional<TimePoint> last_refresh_;
};

}  // namespace casim::live
