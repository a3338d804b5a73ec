#include "sim/scenario/expand_manifests.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/manifests/persistent_claims.h"
#include "sim/manifests/translate.h"
#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

using config::Value;

bool is_manifest(const Value& item) {
  const Value* kind = item.find("kind");
  return kind != nullptr && kind->as_string() != nullptr && *kind->as_string() == "manifest";
}

// What was made rather than written stands where its object stands.
void fill_positions(Value& value) {
  const auto fill = [&value](Value& child) {
    if (child.origin() == nullptr) stand_at(child, value);
    fill_positions(child);
  };
  if (auto* items = value.as_list()) std::ranges::for_each(*items, fill);
  if (auto* entries = value.as_object()) {
    std::ranges::for_each(*entries, fill, &Value::Entry::value);
  }
}

class Expansion {
 public:
  Expansion(config::Document& document, config::Problems& problems)
      : document_(document), problems_(problems) {}

  WrittenPaths run() {
    note_names();
    Value::List given = std::move(workloads());
    Value::List kept;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (is_manifest(given[i])) {
        expand(given[i], i, kept);
      } else {
        paths_.add("workloads", kept.size(), {i, "", {}});
        kept.push_back(std::move(given[i]));
      }
    }
    workloads() = std::move(kept);
    return std::move(paths_);
  }

 private:
  // Looked up each time: other lists are added to the document in between.
  Value::List& workloads() { return *document_.root().find("workloads")->as_list(); }

  void note_names() {
    for (const char* list : {"workloads", "hpas", "priority_classes", "namespaces",
                             "disruption_budgets", "storage_classes"}) {
      const Value* items = document_.root().find(list);
      if (items == nullptr || items->as_list() == nullptr) continue;
      for (const Value& item : *items->as_list()) {
        if (!is_manifest(item)) taken_[list].push_back(text_at(item, "name"));
      }
    }
    const Value* claims = document_.root().find("volume_claims");
    if (claims == nullptr || claims->as_list() == nullptr) return;
    for (const Value& claim : *claims->as_list()) {
      const std::string given = text_at(claim, "namespace");
      taken_["volume_claims"].push_back(
          PersistentClaims::claim_name(given.empty() ? "default" : given, text_at(claim, "name")));
    }
  }

  void expand(const Value& item, std::size_t index, Value::List& kept) {
    Workload workload;
    const std::size_t before = problems_.error_count();
    const config::Cursor root(document_.root(), problems_);
    const config::Cursor list = root.at(*document_.root().find("workloads"), "workloads");
    config::Codec<Workload>::read(list.at(item, index), workload, config::Rules{});
    if (problems_.error_count() > before) return;
    const auto& given = std::get<ManifestWorkload>(workload.body);
    const ManifestOptions options{given.file.string(), given.at, given.run_for,
                                  given.namespace_name};
    bool has_pods = false;
    for (ManifestItem& made : translate(load_manifests(given.file, problems_), options,
                                        item.find("demand"), taken_, problems_)) {
      fill_positions(made.item);
      const bool is_workload = made.list == "workloads";
      has_pods = has_pods || is_workload;
      Value::List& to = is_workload ? kept : list_of(made.list);
      paths_.add(made.list, to.size(), {index, made.label, std::move(made.members)});
      to.push_back(std::move(made.item));
    }
    if (!has_pods && problems_.error_count() == before) {
      problems_.add({config::Severity::kWarning, given.file.string(), 0, 0, "",
                     "no object in it makes pods"});
    }
  }

  // What is no list is replaced: the reader cannot say so any more.
  Value::List& list_of(const std::string& name) {
    Value* list = document_.root().find(name);
    if (list == nullptr || list->is_null()) {
      list = &document_.root().set(name, Value::List{});
      stand_at(*list, document_.root());
    }
    if (list->as_list() == nullptr) {
      document_.error(problems_, name, "expected a list, found " + config::found_text(*list));
      *list = Value(Value::List{});
    }
    return *list->as_list();
  }

  config::Document& document_;
  config::Problems& problems_;
  TakenNames taken_;
  WrittenPaths paths_;
};

}  // namespace

void WrittenPaths::add(std::string list, std::size_t index, ItemSource source) {
  items_[fmt::format("{}[{}]", std::move(list), index)] = std::move(source);
}

std::string WrittenPaths::written(const std::string& path) const {
  const std::size_t bracket = path.find(']');
  if (bracket == std::string::npos) return path;
  const std::string item = path.substr(0, bracket + 1);
  const auto found = items_.find(item);
  if (found == items_.end()) return path;
  const ItemSource& source = found->second;
  std::string rest = path.substr(item.size());
  if (source.label.empty()) {
    return fmt::format("{}[{}]{}", item.substr(0, item.find('[')), source.index, rest);
  }
  if (rest.starts_with('.')) rest.erase(0, 1);
  const MemberName* best = nullptr;
  for (const MemberName& member : source.members) {
    const bool is_longer = best == nullptr || member.scenario.size() > best->scenario.size();
    const bool fits =
        rest.starts_with(member.scenario) &&
        (rest.size() == member.scenario.size() ||
         std::string_view(".[").find(rest[member.scenario.size()]) != std::string_view::npos);
    if (fits && is_longer) best = &member;
  }
  if (best != nullptr) {
    rest = std::string(best->kubernetes) + rest.substr(best->scenario.size());
  }
  return rest.empty() ? source.label : fmt::format("{}: {}", source.label, rest);
}

// Messages name other places.
std::string WrittenPaths::with_written_paths(std::string message) const {
  for (std::size_t at = message.find("workloads["); at != std::string::npos;
       at = message.find("workloads[", at)) {
    const std::size_t end = std::min(message.find_first_of(" ,;:", at), message.size());
    const std::string place = written(message.substr(at, end - at));
    message.replace(at, end - at, place);
    at += place.size();
  }
  return message;
}

void WrittenPaths::move(const config::Problems& from, config::Problems& to) const {
  for (config::Problem problem : from.sorted()) {
    problem.path = written(problem.path);
    problem.message = with_written_paths(std::move(problem.message));
    to.add(std::move(problem));
  }
}

bool names_manifests(const config::Document& document) {
  const Value* workloads = document.root().find("workloads");
  const auto* items = workloads == nullptr ? nullptr : workloads->as_list();
  return items != nullptr && std::ranges::any_of(*items, is_manifest);
}

WrittenPaths expand_manifests(config::Document& document, config::Problems& problems) {
  return Expansion(document, problems).run();
}

}  // namespace casim::sim
