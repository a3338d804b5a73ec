#include "sim/manifests/kube_object.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

namespace casim::sim {
namespace {

using config::Problems;
using config::Value;

// A name is one of a domain: what becomes a part of URLs [k8s: apimachinery validation].
bool is_object_name(std::string_view name) {
  const auto is_inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  const auto is_end = [&](char c) { return is_inner(c) && c != '-' && c != '.'; };
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, is_inner) &&
         is_end(name.front()) && is_end(name.back());
}

class Collector {
 public:
  Collector(const std::string& default_namespace, Problems& problems)
      : default_namespace_(default_namespace), problems_(problems) {}

  // Items of a typed list may leave kind and version to it.
  void add(const Value& value, const KubeObject& list = {}) {
    KubeObject object;
    object.value = &value;
    if (value.as_object() == nullptr) {
      return problems_.error(
          value, "", "expected an object of Kubernetes, found " + config::found_text(value));
    }
    object.api_version = text_at(value, "apiVersion");
    object.kind = text_at(value, "kind");
    if (value.find("kind") == nullptr && value.find("apiVersion") == nullptr) {
      object.kind =
          list.kind.substr(0, list.kind.size() - std::min<std::size_t>(list.kind.size(), 4));
      object.api_version = list.api_version;
    }
    if (object.kind.empty() || object.api_version.empty()) {
      const char* missing = object.kind.empty() ? "kind" : "apiVersion";
      const bool is_kustomization = object.kind.empty() && value.find("resources") != nullptr;
      return problems_.error(
          value, missing,
          fmt::format(
              "missing, or no text; every object of Kubernetes says it{}",
              is_kustomization ? "; `kubectl kustomize` prints those of a Kustomization" : ""));
    }
    if (object.api_version.starts_with("kustomize.config.k8s.io/")) {
      return problems_.error(value, object.kind,
                             "says how to make manifests: `kubectl kustomize` prints them");
    }
    const Value* items = value.find("items");
    const bool is_list = object.kind.ends_with("List") && items != nullptr &&
                         value_at(value, "metadata.name") == nullptr;
    if (is_list) return add_items(object, *items);
    object.name = text_at(value, "metadata.name");
    object.namespace_name = text_at(value, "metadata.namespace");
    if (object.namespace_name.empty()) object.namespace_name = default_namespace_;
    check_name(object);
    if (object.name.empty()) object.name = text_at(value, "metadata.generateName");
    objects_.push_back(std::move(object));
  }

  std::vector<KubeObject> take() { return std::move(objects_); }

 private:
  void add_items(const KubeObject& list, const Value& items) {
    if (items.is_null()) return;
    if (items.as_list() == nullptr) {
      return object_error(list, items, "items", "expected a list", problems_);
    }
    for (const Value& item : *items.as_list()) add(item, list);
  }

  void check_name(const KubeObject& object) {
    const Value* given = value_at(*object.value, "metadata.name");
    if (given == nullptr) {
      if (!text_at(*object.value, "metadata.generateName").empty()) return;
      object_error(object, *object.value, "metadata.name", "missing", problems_);
    } else if (given->as_string() == nullptr) {
      object_error(object, *given, "metadata.name",
                   fmt::format("expected text, found {}{}", config::found_text(*given),
                               given->as_list() == nullptr && given->as_object() == nullptr
                                   ? ": put it in quotes"
                                   : ""),
                   problems_);
    }
  }

  const std::string& default_namespace_;
  Problems& problems_;
  std::vector<KubeObject> objects_;
};

std::string place_of(const KubeObject& object, std::string_view path) {
  return path.empty() ? object.label() : fmt::format("{}: {}", object.label(), path);
}

}  // namespace

std::string KubeObject::label() const {
  if (namespace_name.empty() || namespace_name == "default")
    return fmt::format("{} {}", kind, name);
  return fmt::format("{} {}/{}", kind, namespace_name, name);
}

const Value* value_at(const Value& from, std::string_view path) {
  const Value* value = &from;
  while (value != nullptr && !path.empty()) {
    const std::string_view key = path.substr(0, path.find('.'));
    value = value->find(key);
    path.remove_prefix(std::min(path.size(), key.size() + 1));
  }
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string text_at(const Value& from, std::string_view path) {
  const Value* value = value_at(from, path);
  return value == nullptr || value->as_string() == nullptr ? "" : *value->as_string();
}

void check_object_name(const KubeObject& object, Problems& problems) {
  const Value* given = value_at(*object.value, "metadata.name");
  if (given == nullptr || given->as_string() == nullptr || is_object_name(object.name)) return;
  object_error(object, *given, "metadata.name",
               "must be small letters, digits, '-' or '.', with a letter or digit at both ends",
               problems);
}

void stand_at(Value& value, const Value& place) {
  const config::Origin* origin = place.origin();
  if (origin == nullptr) return;
  value.set_position(std::make_shared<const config::Origin>(*origin), place.line());
}

void object_error(const KubeObject& object, const Value& at, std::string_view path,
                  std::string message, Problems& problems) {
  problems.error(at, place_of(object, path), std::move(message));
}

void object_warning(const KubeObject& object, const Value& at, std::string_view path,
                    std::string message, Problems& problems) {
  problems.warning(at, place_of(object, path), std::move(message));
}

std::vector<KubeObject> objects_in(const std::vector<config::Document>& documents,
                                   const std::string& default_namespace, Problems& problems) {
  Collector collector(default_namespace, problems);
  for (const config::Document& document : documents) collector.add(document.root());
  return collector.take();
}

}  // namespace casim::sim
