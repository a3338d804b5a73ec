#include "sim/import/seen_claims.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace casim::sim {
namespace {

using config::Value;

template <class Visit>
void for_each_claim_of(const Value& pod, Visit visit) {
  const Value* volumes = pod.find("volumes");
  const auto* items = volumes == nullptr ? nullptr : volumes->as_list();
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const std::string claim = text_at((*items)[i], "persistentVolumeClaim.claimName");
    if (!claim.empty()) visit(claim);
  }
}

}  // namespace

SeenClaims::SeenClaims(const std::vector<KubeObject>& objects, std::set<std::string> zones)
    : zones_(std::move(zones)) {
  for (const KubeObject& object : objects) all_.add(object);
}

std::string SeenClaims::names_of(const Value& pod) const {
  std::string names;
  for_each_claim_of(pod, [&](const std::string& claim) {
    if (all_.is_zonal(text_at(pod, "namespace"), claim)) names += claim + " ";
  });
  return names;
}

void SeenClaims::add(const ManifestItem& item) {
  const std::string zone = text_at(item.item, "zone");
  if (!zone.empty() && !zones_.contains(zone)) {
    out_of_reach_.push_back(fmt::format("{} ({})", item.label, zone));
    return;
  }
  claims_.try_emplace({item.namespace_name, item.name}, Claim{item.item});
}

std::vector<std::string> SeenClaims::place(Value& pod, const std::string& zone) {
  const std::string name_space = text_at(pod, "namespace");
  std::vector<std::string> elsewhere;
  for_each_claim_of(pod, [&](const std::string& name) {
    const auto found = claims_.find({name_space, name});
    if (found == claims_.end()) return;
    Claim& claim = found->second;
    const std::string before = text_at(claim.item, "zone");
    if (before == zone) {
      claim.is_placed = true;
    } else if (claim.is_placed) {
      elsewhere.push_back(name);
    } else {
      if (!before.empty()) moved_.push_back(name);
      std::erase_if(*claim.item.as_object(),
                    [](const Value::Entry& entry) { return entry.key == "storageClassName"; });
      claim.item.set("zone", zone);
      claim.is_placed = true;
    }
  });
  drop_claims(pod, [&](const std::string& claim) {
    return std::ranges::find(elsewhere, claim) == elsewhere.end();
  });
  return elsewhere;
}

void SeenClaims::drop_others(Value& pod) {
  const std::string name_space = text_at(pod, "namespace");
  drop_claims(pod, [&](const std::string& claim) {
    if (!all_.has(name_space, claim)) missing_.insert(claim);
    return claims_.contains({name_space, claim});
  });
}

Value::List SeenClaims::take(std::vector<std::string>& notes) {
  const auto list = [&notes](const auto& names, const char* what) {
    if (!names.empty()) notes.push_back(fmt::format("{}: {}", what, fmt::join(names, ", ")));
  };
  list(out_of_reach_, "claims with volumes in zones of no node group, left out");
  list(moved_,
       "volumes that are in another zone than in the cluster, as the nodes of their pods are");
  list(missing_, "claims that pods name and are not in the snapshot, left out");
  Value::List out;
  for (auto& [key, claim] : claims_) out.push_back(std::move(claim.item));
  return out;
}

}  // namespace casim::sim
