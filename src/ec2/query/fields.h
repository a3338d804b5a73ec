// One list of members per request and per reply serves both directions of the wire, as src/config's
// visitor does for files. Beside a struct stands
//   void describe(Fields& f, FleetOverride& o) {
//     f.required("instanceType", o.instance_type);
//     f.field("availabilityZone", o.zone);
//   }
// The implementations write and read forms (requests) and XML (replies). A form begins each name
// with a capital, so that one list serves a struct that stands in both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/ec2/error_code.h"
#include "src/ec2/query/leaf.h"

namespace casim::ec2::query {

class Fields;

// Whether a value must be there, and is sent while it is what it is by default.
enum class Presence : std::uint8_t {
  kRequired,  // must be there
  kAlways,    // is sent always, and may be absent
  kOptional,  // absent and default are the same
};

struct Member {
  std::string_view name;  // empty: the place itself, as of the items of a list of texts
  Presence presence;
  const LeafOps* ops;
  void* value;
};

// A vector with the type erased.
struct ItemList {
  std::size_t size = 0;
  bool is_optional = false;     // a reply without items has no such list at all
  std::function<void()> clear;  // what is read replaces what there is
  // Describes the i-th item, which becomes part of the vector first where i is its size.
  std::function<void(std::size_t i, Fields& at)> describe;
};

// Parameters that EC2 takes and nothing here depends on. They are looked at for their form only.
struct OtherParameter {
  enum class Kind : std::uint8_t { kText, kNumber, kFlag };

  std::string_view path;  // "BlockDeviceMapping.N.Ebs.VolumeSize": N stands for each number
  Kind kind = Kind::kText;
};

class Fields {
 public:
  virtual ~Fields() = default;

  template <LeafType T>
  void required(std::string_view name, T& value) {
    leaf({name, Presence::kRequired, &leaf_ops<T>(), &value});
  }

  template <LeafType T>
  void always(std::string_view name, T& value) {
    leaf({name, Presence::kAlways, &leaf_ops<T>(), &value});
  }

  template <LeafType T>
  void field(std::string_view name, T& value) {
    leaf({name, Presence::kOptional, &leaf_ops<T>(), &value});
  }

  // Of texts, or of structs with a describe of their own.
  template <class T>
  void list(std::string_view name, std::vector<T>& items) {
    list_items(name, {items.size(), false, [&items] { items.clear(); }, item_of(items)});
  }

  template <class T>
  void optional_list(std::string_view name, std::vector<T>& items) {
    list_items(name, {items.size(), true, [&items] { items.clear(); }, item_of(items)});
  }

  // Members that stand one level below.
  virtual void group(std::string_view name, const std::function<void(Fields& at)>& members) = 0;

  // Of replies: what is the same in all of them, and an empty list.
  virtual void constant(std::string_view /*name*/, std::string_view /*text*/) {}

  virtual void no_items(std::string_view /*name*/) {}

  // Of requests: adds what was given of these to a hash.
  virtual void others(std::span<const OtherParameter> /*known*/, std::uint64_t& /*hash*/) {}

  // Of requests: what must hold among members.
  virtual void check(bool /*holds*/, ErrorCode /*code*/, std::string_view /*message*/) {}

 protected:
  virtual void leaf(const Member& member) = 0;
  virtual void list_items(std::string_view name, const ItemList& items) = 0;

 private:
  template <class T>
  static std::function<void(std::size_t, Fields&)> item_of(std::vector<T>& items) {
    return [&items](std::size_t i, Fields& at) {
      if (i == items.size()) items.emplace_back();
      if constexpr (LeafType<T>) {
        at.required("", items[i]);
      } else {
        describe(at, items[i]);
      }
    };
  }
};

}  // namespace casim::ec2::query
