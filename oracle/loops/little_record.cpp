#include "oracle/loops/little_record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

namespace casim::oracle {

std::string time_text(TimePoint t) {
  const std::int64_t us = t.time_since_epoch().count() / 1000;
  std::string text = fmt::format("{}.{:06}", us / 1000000, us % 1000000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

Json json_of(const Mutation& mutation) {
  Json json;
  json["t"] = time_text(mutation.at);
  json["rpc"] = mutation.rpc;
  json["group"] = mutation.group;
  if (mutation.delta != 0) json["delta"] = mutation.delta;
  if (!mutation.nodes.empty()) json["nodes"] = mutation.nodes;
  if (!mutation.code.empty()) json["code"] = mutation.code;
  return json;
}

LittleRecord::LittleRecord(const LittleWorld& world, sim::Kernel& kernel)
    : world_(world), kernel_(kernel), loops_(1) {}

void LittleRecord::on_loop_started(LoopId loop) {
  LoopRecord record;
  record.loop = static_cast<int>(loop.value());
  record.start = kernel_.now();
  loops_.push_back(std::move(record));
}

// The world as it stands when everything of this instant has happened: behind the deletions that
// take no time, before the next loop.
void LittleRecord::on_loop_ended(LoopId, const sim::LoopEnd& end) {
  LoopRecord& record = loops_.back();
  record.end = kernel_.now();
  record.error = sim::text_of(end.error);
  if (end.early_return) {
    say("loop", fmt::format("cut short: {}", name_of(*end.early_return)), false);
  }
  const std::size_t index = loops_.size() - 1;
  kernel_.at(kernel_.now(), sim::Phase::kAutoscaler, [this, index] {
    LoopRecord& ended = loops_[index];
    for (const auto& [id, group] : world_.groups()) ended.targets[id] = group.target;
    ended.nodes = world_.node_count();
    ended.pending = world_.pending();
  });
}

void LittleRecord::say(std::string subject, std::string text, bool lasts) {
  loops_.back().reasons.push_back({std::move(subject), std::move(text), lasts});
}

void LittleRecord::on_results(LoopId, const sim::LoopResults& results) {
  say("loop", fmt::format("{} {}", name_of(results.scale_up), name_of(results.scale_down)), true);
  say("scale-up", sim::text_of(results.scale_up_error), true);
}

void LittleRecord::on_instances_deleted(LoopId, const sim::DeletedInstances& deleted) {
  const std::string fate = deleted.error.empty() ? "deleted" : fmt::format("{}", deleted.error);
  say(fmt::format("instances of {}", deleted.group),
      fmt::format("{}: {}: {}", fmt::join(deleted.instances, ", "), deleted.reason, fate), false);
}

void LittleRecord::on_group_size_fixed(LoopId, std::string_view group, int delta) {
  say(fmt::format("group {}", group), fmt::format("its target was fixed by {}", delta), false);
}

void LittleRecord::on_group_skipped(LoopId, std::string_view group, std::string_view reason) {
  say(fmt::format("group {}", group), std::string(reason), true);
}

void LittleRecord::on_pods_rejected(LoopId, std::string_view group, std::string_view reason,
                                    int pods) {
  say(fmt::format("new node of {}, {}", group, reason),
      pods == 0 ? "" : fmt::format("{} pods do not fit", pods), true);
}

void LittleRecord::on_option_considered(LoopId, const sim::ConsideredOption& option) {
  const std::string fate =
      option.rejected_by.empty() ? "chosen" : fmt::format("left out by {}", option.rejected_by);
  say(fmt::format("option {}", option.group),
      fmt::format("{} nodes for {} pods, {}", option.nodes, option.pods, fate), false);
}

void LittleRecord::on_scale_up_failed(LoopId, std::string_view group, std::string_view code,
                                      int nodes) {
  say(fmt::format("scale-up of {}", group), fmt::format("{} nodes failed: {}", nodes, code), false);
}

void LittleRecord::on_scale_down(LoopId, std::string_view node, bool drain) {
  say(fmt::format("node {}", node), drain ? "drained and deleted" : "empty, deleted", false);
}

void LittleRecord::on_scale_down_failed(LoopId, const sim::FailedRemoval& failed) {
  say(fmt::format("node {}", failed.node), fmt::format("{}: {}", failed.reason, failed.detail),
      false);
}

void LittleRecord::on_node_unremovable(LoopId, std::string_view node, std::string_view reason,
                                       std::string_view detail) {
  say(fmt::format("node {}", node),
      detail.empty() ? std::string(reason) : fmt::format("{}: {}", reason, detail), true);
}

void LittleRecord::note_call(RpcMethod method) {
  LoopRecord& record = loops_.back();
  const std::string name(name_of(method));
  ++record.calls[name];
  if (record.order.empty() || record.order.back().first != name) {
    record.order.emplace_back(name, 0);
  }
  ++record.order.back().second;
}

void LittleRecord::note_mutation(Mutation mutation) {
  loops_.back().mutations.push_back(std::move(mutation));
}

void LittleRecord::note_taint(const std::string& node, const std::string& change) {
  loops_.back().taints.push_back(fmt::format("{} {} {}", time_text(kernel_.now()), node, change));
}

void LittleRecord::note_status(std::string json) { loops_.back().status = std::move(json); }

std::vector<LoopRecord> LittleRecord::take() {
  const auto key = [](const Mutation& m) { return std::tie(m.at, m.rpc); };
  for (LoopRecord& record : loops_) {
    std::stable_sort(record.mutations.begin(), record.mutations.end(),
                     [&](const Mutation& a, const Mutation& b) {
                       if (key(a) != key(b)) return key(a) < key(b);
                       return std::tie(a.group, a.nodes) < std::tie(b.group, b.nodes);
                     });
    std::stable_sort(record.taints.begin(), record.taints.end(),
                     [](const std::string& a, const std::string& b) {
                       const double ta = std::stod(a);
                       const double tb = std::stod(b);
                       return ta != tb ? ta < tb : a < b;
                     });
  }
  return std::move(loops_);
}

}  // namespace casim::oracle
