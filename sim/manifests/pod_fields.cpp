#include "sim/manifests/pod_fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/manifests/pod_shape.h"
#include "sim/manifests/pod_volumes.h"

namespace casim::sim {
namespace {

using config::Value;

std::string below(const std::string& path, const std::string& member) {
  return path.empty() ? member : path + "." + member;
}

// Pods in the network of their node take its ports, as the API server fills in.
void fill_host_ports(const Value& given, Value& taken) {
  const auto* from = given.as_list();
  auto* to = taken.as_list();
  if (from == nullptr || to == nullptr) return;
  for (std::size_t c = 0; c < from->size() && c < to->size(); ++c) {
    const Value* ports = (*from)[c].find("ports");
    Value* kept = (*to)[c].find("ports");
    if (ports == nullptr || kept == nullptr || ports->as_list() == nullptr) continue;
    auto* items = kept->as_list();
    for (std::size_t p = 0; items != nullptr && p < items->size(); ++p) {
      const Value* port = (*ports->as_list())[p].find("containerPort");
      if (port != nullptr && (*items)[p].find("hostPort") == nullptr) {
        (*items)[p].set("hostPort", *port);
      }
    }
  }
}

// Resources that nodes here do not have.
void drop_pages(const KubeObject& object, Value* amounts, ManifestNotes& notes) {
  auto* entries = amounts == nullptr ? nullptr : amounts->as_object();
  if (entries == nullptr) return;
  std::erase_if(*entries, [&](const Value::Entry& entry) {
    const bool is_page = entry.key.starts_with("hugepages-");
    if (is_page) notes.cannot(object, "requests of huge pages");
    return is_page || entry.value.is_null();
  });
}

void drop_hugepages(const KubeObject& object, Value& holder, ManifestNotes& notes) {
  Value* resources = holder.find("resources");
  if (resources == nullptr) return;
  for (const char* part : {"requests", "limits"}) {
    drop_pages(object, resources->find(part), notes);
  }
}

// Terms by fields of nodes, of which there is only the name.
bool has_match_fields(const Value& spec) {
  const Value* terms = value_at(spec,
                                "affinity.nodeAffinity."
                                "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
  const auto* items = terms == nullptr ? nullptr : terms->as_list();
  return items != nullptr && std::ranges::any_of(*items, [](const Value& term) {
           return value_at(term, "matchFields") != nullptr;
         });
}

}  // namespace

void PodFields::check_containers(const KubeObject& object, const Value& spec,
                                 const std::string& path) const {
  const auto error = [&](const Value& at, const std::string& member, const std::string& message) {
    object_error(object, at, below(path, member), message, problems_);
  };
  const Value* containers = value_at(spec, "containers");
  if (containers == nullptr) return error(spec, "containers", "missing; a pod has at least one");
  if (containers->as_list() == nullptr) {
    return error(*containers, "containers",
                 "expected a list, found " + config::found_text(*containers));
  }
  if (containers->as_list()->empty()) {
    return error(*containers, "containers", "is empty; a pod has at least one");
  }
  for (const char* member : {"containers", "initContainers"}) {
    const Value* list = value_at(spec, member);
    if (list == nullptr || list->as_list() == nullptr) continue;
    for (std::size_t i = 0; i < list->as_list()->size(); ++i) {
      const Value& container = (*list->as_list())[i];
      if (container.as_object() == nullptr || !text_at(container, "image").empty()) continue;
      error(container, fmt::format("{}[{}].image", member, i), "missing, or no text");
    }
  }
}

void PodFields::check_restart(const KubeObject& object, const Value& spec, const std::string& path,
                              RestartRule rule) const {
  const Value* given = value_at(spec, "restartPolicy");
  const std::string policy = given == nullptr ? "Always" : text_at(spec, "restartPolicy");
  const bool ends = policy == "OnFailure" || policy == "Never";
  const bool is_good = rule == RestartRule::kAny    ? ends || policy == "Always"
                       : rule == RestartRule::kEnds ? ends
                                                    : policy == "Always";
  if (is_good) return;
  const char* allowed = rule == RestartRule::kAny    ? "Always, OnFailure, Never"
                        : rule == RestartRule::kEnds ? "OnFailure, Never"
                                                     : "Always";
  object_error(object, given == nullptr ? spec : *given, below(path, "restartPolicy"),
               fmt::format("is {} (allowed in a {}: {})",
                           given == nullptr ? "missing, which means Always" : "\"" + policy + "\"",
                           object.kind, allowed),
               problems_);
}

void PodFields::note_unsimulated(const KubeObject& object, const Value& spec) const {
  const auto check = [&](const char* field, const char* what) {
    const Value* value = value_at(spec, field);
    const bool is_there =
        value != nullptr && (value->as_list() == nullptr || !value->as_list()->empty());
    if (is_there) notes_.cannot(object, what);
  };
  check("activeDeadlineSeconds", "activeDeadlineSeconds of pods");
  check("runtimeClassName", "the overhead of a RuntimeClass (runtimeClassName); pod.overhead is");
  check("resourceClaims", "resourceClaims: devices by dynamic allocation");
  if (has_match_fields(spec)) notes_.cannot(object, "node affinity by matchFields");
}

Value PodFields::spec_of(const KubeObject& object, const Value& spec,
                         const std::string& path) const {
  check_containers(object, spec, path);
  note_unsimulated(object, spec);
  Value pod = take(object, spec, pod_spec_shape(), "", notes_);
  const Value* host_network = value_at(spec, "hostNetwork");
  const bool is_on_host =
      host_network != nullptr && host_network->as_bool() != nullptr && *host_network->as_bool();
  for (const char* member : {"containers", "initContainers"}) {
    Value* containers = pod.find(member);
    if (containers == nullptr) continue;
    if (is_on_host) fill_host_ports(*value_at(spec, member), *containers);
    auto* items = containers->as_list();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
      drop_hugepages(object, (*items)[i], notes_);
    }
  }
  drop_hugepages(object, pod, notes_);
  drop_pages(object, pod.find("overhead"), notes_);
  if (const Value* volumes = value_at(spec, "volumes")) {
    pod.set("volumes", local_volumes(object, *volumes, notes_));
  }
  if (const Value* gates = value_at(spec, "schedulingGates")) pod.set("schedulingGates", *gates);
  return pod;
}

Value PodFields::pod_of(const KubeObject& object, const Value& pod, const std::string& path,
                        RestartRule rule) const {
  const std::string spec_path = below(path, "spec");
  Value out{Value::Object{}};
  const Value* spec = value_at(pod, "spec");
  if (spec == nullptr || spec->as_object() == nullptr) {
    object_error(object, spec == nullptr ? pod : *spec, spec_path, "missing, or no object",
                 problems_);
  } else {
    check_restart(object, *spec, spec_path, rule);
    out = spec_of(object, *spec, spec_path);
  }
  const Value* labels = value_at(pod, "metadata.labels");
  out.set("labels", labels == nullptr ? Value(Value::Object{}) : *labels);
  if (const Value* annotations = value_at(pod, "metadata.annotations")) {
    out.set("annotations", *annotations);
  }
  out.set("namespace", object.namespace_name);
  return out;
}

}  // namespace casim::sim
