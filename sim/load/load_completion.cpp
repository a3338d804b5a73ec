#include "sim/load/load_completion.h"

#include <cassert>

namespace casim::sim {

void LoadCompletion::note_arrival() {
  assert(expected_ > 0);
  --expected_;
  settle();
}

void LoadCompletion::start() {
  is_started_ = true;
  settle();
}

void LoadCompletion::on_status(const WorkloadStatus& before, const WorkloadStatus& now) {
  if (!workloads_.can_fit(now.workload, now.first_index)) return;
  assert(open_ >= before.open());
  open_ = open_ - before.open() + now.open();
  settle();
}

void LoadCompletion::settle() {
  const bool is_done = expected_ == 0 && open_ == 0;
  if (!is_started_ || is_done == is_done_) return;
  is_done_ = is_done;
  if (changed_) changed_(is_done);
}

}  // namespace casim::sim
