// A node of a snapshot: what it is, and in which state.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sim/manifests/kube_object.h"
#include "src/config/units.h"

namespace casim::sim {

inline constexpr const char* kZone = "topology.kubernetes.io/zone";
inline constexpr const char* kType = "node.kubernetes.io/instance-type";

struct SeenNode {
  const KubeObject* object = nullptr;
  std::map<std::string, std::string> labels;
  config::Value::List taints;
  std::string zone;
  std::string type;
  std::string outside;  // why it is no node of a group ("Fargate nodes"); empty: it may be one
  bool is_control_plane = false;
  bool is_lost = false;  // it cannot be reached, or is being deleted
  bool is_spot = false;
};

SeenNode see_node(const KubeObject& object);

bool is_cordoned(const KubeObject& node);
bool is_not_ready(const KubeObject& node);

// Labels that say what a node is, not what it is for; casim sets those that scheduling looks at.
bool is_well_known(std::string_view key);
// Of those, such that nodes here have too.
bool is_made_anew(std::string_view key);

std::string of_label(const std::map<std::string, std::string>& labels, const std::string& key);

template <class T>
T amount_at(const KubeObject& node, const std::string& path,
            config::Parsed<T> (*parse)(std::string_view)) {
  const std::string text = text_at(*node.value, path);
  return text.empty() ? T() : parse(text).value_or(T());
}

// `part`: capacity or allocatable.
int pods_of(const KubeObject& node, const char* part);

}  // namespace casim::sim
