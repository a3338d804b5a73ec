// A pod of a case in Kubernetes' own fields (`pod` of a workload), read by the reader that
// scenarios have, so that a recording judges that too.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "oracle/judge/strict_json.h"
#include "sim/cluster/objects.h"
#include "sim/scenario/pod_template.h"

namespace casim::oracle {

// Throws std::runtime_error with all that is wrong.
sim::PodTemplate read_pod(const Json& given);

// `given.namespaces`: [{name, labels}].
std::vector<sim::NamespaceConfig> read_namespaces(const Json& given);

// A pod that says no priority has none: no admission gave it one.
std::shared_ptr<sim::PodSpec> spec_of(const std::string& workload, const sim::PodTemplate& pod,
                                      const std::vector<sim::NamespaceConfig>& namespaces);

}  // namespace casim::oracle
