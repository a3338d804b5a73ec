// What of manifests was left out or assumed, counted, so that each is said once.
#pragma once

#include <map>
#include <string>

#include "sim/manifests/kube_object.h"
#include "src/config/problems.h"

namespace casim::sim {

class ManifestNotes {
 public:
  // Nothing here depends on it.
  void leave_out_kind(const std::string& kind) { ++kinds_[kind]; }

  // Of another API than Kubernetes' own: its operator may make pods.
  void leave_out_custom_kind(const std::string& kind) { ++custom_kinds_[kind]; }

  void leave_out_field(const std::string& path) { ++fields_[path]; }

  // No such field is known; `nearest` may be empty.
  void unknown_field(const KubeObject& object, const config::Value& at, const std::string& path,
                     const std::string& nearest);

  // It decides something in a cluster, and here it does not.
  void cannot(const KubeObject& object, const std::string& what);

  // What a manifest does not say.
  void assume(const std::string& what) { ++assumed_[what]; }

  // As warnings; what is of no one place is told of `source`.
  void tell(const std::string& source, config::Problems& problems) const;
  // Only what decides something in a cluster.
  void tell_unsimulated(const std::string& source, config::Problems& problems) const;

 private:
  struct Unsimulated {
    int count = 0;
    std::string first;  // label of an object
  };

  struct Unknown {
    int count = 0;
    std::string place;
    std::string file;
    int line = 0;
    std::string nearest;
  };

  std::map<std::string, int> kinds_;
  std::map<std::string, int> custom_kinds_;
  std::map<std::string, int> fields_;
  std::map<std::string, Unknown> unknown_;
  std::map<std::string, Unsimulated> unsimulated_;
  std::map<std::string, int> assumed_;
};

}  // namespace casim::sim
