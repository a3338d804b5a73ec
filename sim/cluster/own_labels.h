// Labels that controllers give their pods, and selectors that ask for the value that the pod itself
// has (matchLabelKeys): it is known only when the pod is made.
#pragma once

#include <string>
#include <string_view>

#include "sim/cluster/objects.h"

namespace casim::sim {

inline constexpr const char* kTemplateHashLabel = "pod-template-hash";
inline constexpr const char* kRevisionHashLabel = "controller-revision-hash";
inline constexpr const char* kJobNameLabel = "batch.kubernetes.io/job-name";
inline constexpr const char* kJobUidLabel = "batch.kubernetes.io/controller-uid";

// Stands in a selector for the pod's own value. No value of a label looks like it.
inline constexpr const char* kOwnValue = "$(own)";

// Also in the pod's selectors that ask for its own value.
void set_label(PodSpec& pod, const std::string& key, const std::string& value);

// A hash as upstream writes them in names, "5d4b8c77f9": letters and digits that spell no words
// [k8s:apimachinery util/rand SafeEncodeString].
std::string safe_hash(std::string_view text);

}  // namespace casim::sim
