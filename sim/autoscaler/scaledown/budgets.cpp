#include "sim/autoscaler/scaledown/budgets.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

int size_of(const DeletionBucket& bucket) { return static_cast<int>(bucket.nodes.size()); }

// The running budgets of one cropping.
class Cropping {
 public:
  Cropping(const DeletionLimits& limits, const DeletionTracker& in_progress)
      : all_(limits.parallelism - static_cast<int>(in_progress.empty().size()) -
             static_cast<int>(in_progress.drained().size())),
        drain_(limits.drain_parallelism - static_cast<int>(in_progress.drained().size())) {}

  CroppedDeletions run(std::vector<DeletionBucket> empty, std::vector<DeletionBucket> drain) {
    take_atomic_with_empties(empty, drain);
    drain_ = std::min(all_, drain_);
    take_atomic_drains(empty, drain);
    all_ -= take_single(result_.empty, empty, all_);
    drain_ = std::min(all_, drain_);
    take_single(result_.drain, drain, drain_);
    return std::move(result_);
  }

 private:
  static DeletionBucket* find_atomic(std::vector<DeletionBucket>& buckets,
                                     const std::string& group) {
    const auto found = std::find_if(buckets.begin(), buckets.end(), [&](const DeletionBucket& b) {
      return b.is_atomic && b.group->id() == group;
    });
    return found == buckets.end() ? nullptr : &*found;
  }

  static bool is_whole(const DeletionBucket& bucket, int nodes) {
    return nodes == bucket.target || nodes == bucket.registered;
  }

  static int batch_of(const DeletionBucket& bucket) {
    return size_of(bucket) == bucket.registered ? bucket.registered : bucket.target;
  }

  void take_atomic_with_empties(std::vector<DeletionBucket>& empty,
                                std::vector<DeletionBucket>& drain) {
    for (const DeletionBucket& bucket : empty) {
      if (!bucket.is_atomic) continue;
      const DeletionBucket* const other = find_atomic(drain, bucket.group->id());
      const int drains = other == nullptr ? 0 : size_of(*other);
      const int nodes = size_of(bucket) + drains;
      if (all_ < nodes || drain_ < drains) {
        if (all_ == 0 || (drains > 0 && drain_ == 0) || !can_overflow_) break;
      }
      if (!is_whole(bucket, nodes)) continue;
      result_.empty.push_back(bucket);
      result_.empty.back().batch_size = batch_of(bucket);
      if (other != nullptr) {
        result_.drain.push_back(*other);
        result_.drain.back().batch_size = batch_of(bucket);
      }
      all_ -= nodes;
      drain_ -= drains;
      can_overflow_ = false;
    }
  }

  void take_atomic_drains(std::vector<DeletionBucket>& empty, std::vector<DeletionBucket>& drain) {
    for (const DeletionBucket& bucket : drain) {
      if (!bucket.is_atomic || find_atomic(empty, bucket.group->id()) != nullptr) continue;
      const int nodes = size_of(bucket);
      if (drain_ < nodes && (drain_ == 0 || !can_overflow_)) break;
      if (!is_whole(bucket, nodes)) continue;
      result_.drain.push_back(bucket);
      result_.drain.back().batch_size = batch_of(bucket);
      all_ -= nodes;
      drain_ -= nodes;
      can_overflow_ = false;
    }
  }

  static int take_single(std::vector<DeletionBucket>& into, std::vector<DeletionBucket>& buckets,
                         int budget) {
    int taken = 0;
    for (DeletionBucket& bucket : buckets) {
      if (bucket.is_atomic) continue;
      const int left = budget - taken;
      if (left < 1) break;
      if (left < size_of(bucket)) bucket.nodes.resize(static_cast<std::size_t>(left));
      taken += size_of(bucket);
      into.push_back(std::move(bucket));
    }
    return taken;
  }

  int all_;
  int drain_;
  bool can_overflow_ = true;
  CroppedDeletions result_;
};

}  // namespace

CroppedDeletions crop_nodes(const DeletionLimits& limits, const DeletionTracker& in_progress,
                            std::vector<DeletionBucket> empty, std::vector<DeletionBucket> drain) {
  return Cropping(limits, in_progress).run(std::move(empty), std::move(drain));
}

}  // namespace casim::sim
