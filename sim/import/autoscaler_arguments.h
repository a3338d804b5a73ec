// The command line of a running cluster-autoscaler.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/manifests/kube_object.h"

namespace casim::sim {

struct GroupBounds {
  int min = 0;
  int max = 0;
};

struct AutoscalerArguments {
  std::string version;  // "1.36"; empty: not known, or not modelled
  std::vector<std::pair<std::string, config::Value>> flags;  // those that decide something here
  std::map<std::string, GroupBounds> groups;                 // of --nodes
  std::vector<std::string> notes;
};

// Words of a shell: blanks separate, quotes and backslashes keep together.
std::vector<std::string> shell_words(std::string_view text);

// `image` may be empty: no version is known.
AutoscalerArguments read_autoscaler_arguments(const std::vector<std::string>& words,
                                              const std::string& image);

// Of a Deployment (or whatever has a pod template) that runs it; none: it does not.
std::optional<AutoscalerArguments> autoscaler_arguments_of(const KubeObject& object);

}  // namespace casim::sim
