#include "sim/manifests/translate.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "sim/manifests/cluster_kinds.h"
#include "sim/manifests/hpa_kind.h"
#include "sim/manifests/kinds.h"
#include "sim/manifests/persistent_claims.h"
#include "sim/manifests/workload_kinds.h"
#include "src/config/manifest_document.h"
#include "src/config/names.h"

namespace casim::sim {
namespace {

using config::Value;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

class Translator {
 public:
  Translator(const ManifestOptions& options, TakenNames& taken, config::Problems& problems)
      : options_(options), taken_(taken), problems_(problems) {}

  void add(const ManifestFile& file) {
    for (const KubeObject& object :
         objects_in(file.documents, options_.namespace_name, problems_)) {
      const KindRole role = role_of(object, problems_);
      if (role == KindRole::kNothing) {
        notes_.leave_out_kind(object.kind);
      } else if (role == KindRole::kCustom) {
        notes_.leave_out_custom_kind(object.kind);
      } else if (role == KindRole::kUnsimulated) {
        notes_.cannot(object, "the kind " + object.kind);
      } else {
        check_object_name(object, problems_);
        if (role == KindRole::kHpa) {
          hpas_.push_back(object);
        } else {
          add_object(object, role);
        }
      }
    }
  }

  // Last, when everything that they may size is there.
  void add_hpas(const Value* demand) {
    std::vector<std::string_view> names;
    for (const KubeObject& object : hpas_) names.push_back(object.name);
    const auto* demands = demand == nullptr ? nullptr : demand->as_object();
    for (std::size_t i = 0; demands != nullptr && i < demands->size(); ++i) {
      const auto& [name, changes] = (*demands)[i];
      if (std::ranges::find(names, name) != names.end() || name.starts_with("//")) continue;
      problems_.error(
          changes, "demand." + name,
          "the manifest has no such HorizontalPodAutoscaler" + config::suggestion(name, names));
    }
    for (const KubeObject& object : hpas_) {
      if (!is_first(object)) continue;
      ManifestReading reading = make_reading();
      const Value* changes = demand == nullptr ? nullptr : demand->find(object.name);
      keep(read_hpa(object, items_, changes, reading));
    }
  }

  std::vector<ManifestItem> take(const std::string& source) {
    claims_.finish(items_, taken_["storage_classes"], taken_["volume_claims"], notes_, problems_);
    notes_.tell(source, problems_);
    return std::move(items_);
  }

 private:
  ManifestReading make_reading() {
    return {options_, PodFields(problems_, notes_), problems_, notes_};
  }

  void add_object(const KubeObject& object, KindRole role) {
    if (!is_first(object)) return;
    ManifestReading reading = make_reading();
    auto item = role == KindRole::kController ? read_controller(object, reading)
                : role == KindRole::kBatch    ? read_batch(object, reading)
                                              : read_cluster_kind(object, reading);
    claims_.add(object);
    const bool has_claims = object.kind == "StatefulSet" &&
                            value_at(*object.value, "spec.volumeClaimTemplates") != nullptr;
    if (item && has_claims) claims_.add_templates(object, items_.size());
    keep(std::move(item));
  }

  // Two objects of one kind cannot have one name.
  bool is_first(const KubeObject& object) {
    const bool is_generated = value_at(*object.value, "metadata.name") == nullptr;
    if (is_generated || objects_.insert(object.label()).second) return true;
    // Both may create the namespace that they are in.
    if (object.kind != "Namespace") {
      object_error(object, *object.value, "metadata.name", "there is another one of this name",
                   problems_);
    }
    return false;
  }

  void keep(std::optional<ManifestItem> item) {
    if (!item) return;
    std::vector<std::string>& names = taken_[item->list];
    // What is not of a kind of workload is one thing in the whole cluster.
    const bool is_global = item->list == "priority_classes" || item->list == "namespaces" ||
                           item->list == "storage_classes";
    const bool is_taken = std::ranges::find(names, item->name) != names.end();
    if (is_global && is_taken) return;
    // The API server ends generated names.
    const std::string name = item->name.substr(0, item->name.find_last_not_of("-.") + 1);
    item->item.set("name", free_name(names, name, item->namespace_name, item->kind));
    items_.push_back(std::move(*item));
  }

  const ManifestOptions& options_;
  TakenNames& taken_;
  config::Problems& problems_;
  ManifestNotes notes_;
  std::set<std::string> objects_;
  std::vector<KubeObject> hpas_;
  PersistentClaims claims_;
  std::vector<ManifestItem> items_;
};

// Templates are no YAML before they are rendered.
void hint_at_templates(const std::filesystem::path& file, config::Problems& problems) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  for (int number = 1; number < 100'000 && std::getline(in, line); ++number) {
    if (line.find("{{") == std::string::npos || line.find("}}") == std::string::npos) continue;
    problems.add({config::Severity::kError, file.string(), number, 0, "",
                  "this looks like a template of a Helm chart: `helm template` renders it"});
    return;
  }
}

bool is_manifest(const std::filesystem::path& file) {
  const auto extension = file.extension();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

}  // namespace

std::string free_name(std::vector<std::string>& taken, const std::string& name,
                      const std::string& namespace_name, const std::string& kind) {
  const auto is_taken = [&](const std::string& text) {
    return std::ranges::find(taken, text) != taken.end();
  };
  std::string chosen = name;
  if (is_taken(chosen)) chosen = fmt::format("{}-{}", namespace_name, name);
  if (is_taken(chosen)) chosen += "-" + lower(kind);
  const std::string stem = chosen;
  for (int number = 2; is_taken(chosen); ++number) chosen = fmt::format("{}-{}", stem, number);
  taken.push_back(chosen);
  return chosen;
}

std::vector<ManifestItem> translate(const std::vector<ManifestFile>& files,
                                    const ManifestOptions& options, const Value* demand,
                                    TakenNames& taken, config::Problems& problems) {
  Translator translator(options, taken, problems);
  for (const ManifestFile& file : files) translator.add(file);
  translator.add_hpas(demand);
  return translator.take(options.source);
}

std::vector<ManifestFile> load_manifests(const std::filesystem::path& path,
                                         config::Problems& problems) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files{path};
  std::error_code error;
  if (fs::is_directory(path, error)) {
    files.clear();
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (is_manifest(entry.path())) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    if (files.empty()) {
      problems.add({config::Severity::kError, path.string(), 0, 0, "",
                    "the folder has no file that ends in .yaml, .yml or .json"});
    }
  }
  std::vector<ManifestFile> out;
  for (const fs::path& file : files) {
    auto documents = config::load_manifest(file, problems);
    if (documents) {
      out.push_back({file.string(), std::move(*documents)});
    } else {
      hint_at_templates(file, problems);
    }
  }
  return out;
}

}  // namespace casim::sim
