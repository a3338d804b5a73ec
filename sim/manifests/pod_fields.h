// Pods of manifests as pods of a scenario: the fields of a PodSpec by which scheduler, autoscaler
// and kubelet decide have the same names in both.
#pragma once

#include <string>

#include "sim/manifests/kube_object.h"
#include "sim/manifests/notes.h"

namespace casim::sim {

// How a pod's spec.restartPolicy may be.
enum class RestartRule { kAlways, kEnds, kAny };

class PodFields {
 public:
  PodFields(config::Problems& problems, ManifestNotes& notes)
      : problems_(problems), notes_(notes) {}

  // `pod` has metadata and spec, and stands at `path` of the object ("spec.template"; empty: it is
  // the object). The answer has all members of a scenario's pod.
  config::Value pod_of(const KubeObject& object, const config::Value& pod, const std::string& path,
                       RestartRule rule) const;

 private:
  config::Value spec_of(const KubeObject& object, const config::Value& spec,
                        const std::string& path) const;
  void check_containers(const KubeObject& object, const config::Value& spec,
                        const std::string& path) const;
  void check_restart(const KubeObject& object, const config::Value& spec, const std::string& path,
                     RestartRule rule) const;
  void note_unsimulated(const KubeObject& object, const config::Value& spec) const;

  config::Problems& problems_;
  ManifestNotes& notes_;
};

}  // namespace casim::sim
