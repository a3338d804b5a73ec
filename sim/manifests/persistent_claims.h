// PersistentVolumeClaims, those of manifests and those that StatefulSets make: which of them bind
// pods to a zone, by the PersistentVolumes and StorageClasses that are there. They wait for all
// manifests, as what they name may come after them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/manifests/storage_classes.h"
#include "sim/manifests/translation.h"

namespace casim::sim {

class PersistentClaims {
 public:
  // True: it is a PersistentVolumeClaim, a PersistentVolume or a StorageClass, and is noted.
  bool add(const KubeObject& object);
  // The claims of a StatefulSet, whose item is the `item`-th of all.
  void add_templates(const KubeObject& object, std::size_t item);

  bool has(const std::string& namespace_name, const std::string& claim) const {
    return by_name_.contains({namespace_name, claim});
  }

  // The claim is there, and binds its pods to a zone.
  bool is_zonal(const std::string& namespace_name, const std::string& claim) const;

  // Adds the claims that bind pods to a zone, puts those of StatefulSets into their items, and adds
  // classes that claims name and nobody gave. Of pods the claims are left that bind them.
  // `taken_classes`, `taken_claims` (as claim_name says): that are there, to which it adds.
  void finish(std::vector<ManifestItem>& items, std::vector<std::string>& taken_classes,
              std::vector<std::string>& taken_claims, ManifestNotes& notes,
              config::Problems& problems) const;

  // How TakenNames have a claim: two of one name may be in two namespaces.
  static std::string claim_name(const std::string& namespace_name, const std::string& claim) {
    return namespace_name + "/" + claim;
  }

 private:
  struct Templates {
    KubeObject object;
    std::size_t item = 0;
  };

  // Where the volume of a claim is.
  struct Verdict {
    bool is_zonal = false;
    std::string zone;           // empty: as the class says
    std::string storage_class;  // empty: one by which the first pod decides
    bool is_class_known = true;
    std::string left_out;  // what of it is not simulated; empty: nothing
    std::string assumed;   // likewise
  };

  Verdict judge(const KubeObject& claim) const;
  Verdict judge_volume(const KubeObject& volume) const;
  const KubeObject* volume_of(const KubeObject& claim) const;
  void add_claims(std::vector<ManifestItem>& items, std::set<std::string>& taken,
                  std::map<std::string, const KubeObject*>& missing_classes,
                  ManifestNotes& notes) const;
  void add_to_sets(std::vector<ManifestItem>& items,
                   std::map<std::string, const KubeObject*>& missing_classes, ManifestNotes& notes,
                   config::Problems& problems) const;

  StorageClasses classes_;
  std::vector<KubeObject> claims_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_name_;  // namespace and name
  std::map<std::string, KubeObject> volumes_;                           // by name
  // Volumes by the claim that they are for, namespace and name.
  std::map<std::pair<std::string, std::string>, std::string> reserved_;
  std::vector<Templates> templates_;
};

// Takes the volumes of claims out of a scenario's pod that `keeps` says no to.
template <class Keeps>
void drop_claims(config::Value& pod, Keeps keeps) {
  config::Value* volumes = pod.find("volumes");
  auto* items = volumes == nullptr ? nullptr : volumes->as_list();
  if (items == nullptr) return;
  std::erase_if(*items, [&](const config::Value& volume) {
    const std::string claim = text_at(volume, "persistentVolumeClaim.claimName");
    return !claim.empty() && !keeps(claim);
  });
}

}  // namespace casim::sim
