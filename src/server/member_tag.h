// A tag that calls a member: for objects with several operations.
#pragma once

#include "src/server/tag.h"

namespace casim::server {

template <auto kMember>
class MemberTag;

template <class Owner, void (Owner::*kMember)(bool)>
class MemberTag<kMember> final : public Tag {
 public:
  explicit MemberTag(Owner& owner) : owner_(owner) {}

  void complete(bool ok) override { (owner_.*kMember)(ok); }

 private:
  Owner& owner_;
};

}  // namespace casim::server
