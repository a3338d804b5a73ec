#include "sim/scenario/describe.h"

namespace casim::sim {

void describe(config::Visitor& v, ManifestWorkload& m) {
  v.required("file", m.file,
             "manifests of Kubernetes, YAML or JSON, or a folder of them; relative to the "
             "scenario's own folder",
             config::not_blank());
  v.field("at", m.at, "when they are applied", config::at_least(Duration{}));
  v.field("run_for", m.run_for,
          "run time of pods that end (of Jobs, and bare ones that are not restarted), which "
          "manifests do not say; absent: 10m",
          config::above(Duration{}));
  v.field("namespace", m.namespace_name, "of objects that name none", config::not_blank());
  v.field("demand", m.demand,
          "load of HPAs by their names, over time, in multiples of what keeps their metrics at "
          "the target with the replicas they start with; absent: 1");
}

}  // namespace casim::sim
