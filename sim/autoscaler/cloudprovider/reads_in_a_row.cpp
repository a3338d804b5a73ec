#include "sim/autoscaler/cloudprovider/reads_in_a_row.h"

#include "sim/autoscaler/cloudprovider/group_options.h"

namespace casim::sim {

const NodeGroupPtr* GroupsInARow::next(const Node& node) {
  CloudProvider& p = provider_;
  if (!p.lock_.is_free()) return nullptr;
  if (const NodeGroupPtr* kept = p.kept_group_of(node)) return kept;
  if (!has_begun_) {
    has_begun_ = true;
    const bool asks = p.objects_ == GroupObjects::kPerNode && p.has_row_reads();
    if (asks) most_ = p.rows_->most_in_a_row(kMethod, p.calls_.context(by_));
  }
  const bool may_ask =
      made_ < most_ && p.rows_->is_undisturbed(kMethod, p.calls_.context(by_), {}, made_);
  const auto* answer = may_ask ? p.rows_->known_node_group(node) : nullptr;
  if (answer == nullptr || !answer->has_value()) {
    end();
    return nullptr;
  }
  ++made_;
  const std::optional<RpcNodeGroup>& group = **answer;
  return group && !group->id.empty() ? &p.keep(node, *group) : &none_;
}

void GroupsInARow::end() {
  if (made_ > 0) provider_.rows_->make_in_a_row(kMethod, provider_.calls_.context(by_), made_);
  has_begun_ = false;
  most_ = made_ = 0;
}

const Result<NodeGroupOptions>* OptionsInARow::look(const NodeGroup& group, std::int64_t calls) {
  CloudProvider& p = provider_;
  if (!has_begun_) {
    has_begun_ = true;
    if (p.has_row_reads()) most_ = p.rows_->most_in_a_row(kMethod, p.calls_.context(by_));
  }
  bool may_ask = calls <= most_ - made_;
  for (std::int64_t i = 0; may_ask && i < calls; ++i)
    may_ask = p.rows_->is_undisturbed(kMethod, p.calls_.context(by_), group.id(), made_ + i);
  const Result<NodeGroupOptions>* answer = may_ask ? answer_for(group) : nullptr;
  if (answer == nullptr) end();
  return answer;
}

const Result<NodeGroupOptions>* OptionsInARow::answer_for(const NodeGroup& group) {
  if (group.number() >= answers_.size()) answers_.resize(group.number() + 1);
  std::optional<Result<NodeGroupOptions>>& answer = answers_[group.number()];
  if (!answer) {
    const auto* known = provider_.rows_->known_options(group.id(), request_of(defaults_));
    if (known == nullptr) return nullptr;
    answer = options_of(*known, defaults_);
  }
  return &*answer;
}

void OptionsInARow::end() {
  if (made_ > 0) provider_.rows_->make_in_a_row(kMethod, provider_.calls_.context(by_), made_);
  has_begun_ = false;
  most_ = made_ = 0;
  answers_.clear();
}

}  // namespace casim::sim
