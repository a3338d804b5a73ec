#include "sim/metrics/run_marks.h"

#include <utility>

namespace casim::sim {

bool RunMarks::add(RunMark mark) {
  if (marks_.size() == kMost) {
    ++left_out_;
    return false;
  }
  marks_.push_back(std::move(mark));
  return true;
}

void RunMarks::begin(TimePoint at, const std::string& process) {
  if (down_.contains(process)) return;
  const std::size_t place = marks_.size();
  if (add({at, kTimeNever, process, false})) down_[process] = place;
}

void RunMarks::end(TimePoint at, const std::string& process) {
  const auto down = down_.find(process);
  if (down == down_.end()) return;
  marks_[down->second].to = at;
  down_.erase(down);
}

void RunMarks::on_fact(TimePoint at, const Fact& fact) {
  if (const auto* fault = std::get_if<FaultBegan>(&fact)) {
    const bool ends = fault->length <= kTimeNever - at;
    add({at, ends ? at + fault->length : kTimeNever, fault->kind, true});
  } else if (std::holds_alternative<ProviderCrashed>(fact)) {
    begin(at, "provider");
  } else if (std::holds_alternative<ProviderStarted>(fact)) {
    end(at, "provider");
  } else if (std::holds_alternative<AutoscalerCrashed>(fact) ||
             std::holds_alternative<AutoscalerKilled>(fact)) {
    begin(at, "autoscaler");
  } else if (std::holds_alternative<AutoscalerStarted>(fact)) {
    end(at, "autoscaler");
  } else if (const auto* lost = std::get_if<LeaderLost>(&fact)) {
    begin(at, lost->process + " leader");
  } else if (const auto* elected = std::get_if<LeaderElected>(&fact)) {
    end(at, elected->process + " leader");
  }
}

}  // namespace casim::sim
