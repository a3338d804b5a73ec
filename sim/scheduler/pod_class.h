// Pods that the scheduler cannot tell apart when it looks for a node: the unit that decisions are
// cached by. Two specs are of one class when the fields that filters and scores read are equal,
// whatever workload they belong to.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/cluster/objects.h"
#include "sim/scheduler/node_table.h"
#include "sim/scheduler/queue.h"

namespace casim::sim {

// A class, with what decisions read often worked out once.
struct PodClass {
  PodSpecPtr spec;  // of one of its pods
  std::int64_t nonzero_cpu = 0;
  std::int64_t nonzero_memory = 0;
  bool is_best_effort = false;      // no cpu and no memory
  bool has_selector = false;        // node selector or required node affinity
  bool spreads_by_default = false;  // owned by what the default constraints look for
  // Terms of other pods that match these, by their number.
  std::vector<std::uint32_t> matched_terms;
};

// All classes seen so far, found by what the specs say.
class PodClasses {
 public:
  // The class of a spec, made when it is new.
  ClassId of(const PodSpecPtr& spec);
  // Terms of pods that may be on nodes, of which there are never fewer. Pods are told apart by
  // those that match them, so with new ones a pod may be of another class than before.
  void learn(const std::vector<AffinityTerm>& terms);

  // Changes when classes may.
  std::size_t version() const { return terms_.size(); }

  const PodClass& operator[](ClassId id) const { return *classes_[id.value()]; }

  std::size_t size() const { return classes_.size(); }

 private:
  std::vector<std::uint32_t> matching(const PodSpec& spec, std::size_t from) const;

  std::vector<AffinityTerm> terms_;
  std::vector<std::unique_ptr<PodClass>> classes_;  // by ClassId; addresses hold
  std::multimap<std::uint64_t, ClassId> by_hash_;
  boost::unordered_flat_map<const PodSpec*, std::pair<PodSpecPtr, ClassId>> by_spec_;
};

}  // namespace casim::sim
