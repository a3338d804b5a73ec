// Nodes by dense number, for what is kept of each from loop to loop: a table instead of a map of
// names. Nodes of one name have one number; an id tells it without a look at the name, as one id
// has one name for ever.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

// Numbers are given at first sight, from 0 on, and never taken back.
class NodeNumbers {
 public:
  std::uint32_t of(const Node& node) {
    const std::size_t id = node.id.value();
    if (id < by_id_.size() && by_id_[id] != kNone) return by_id_[id];
    return first_of(node);
  }

  std::uint32_t of(std::string_view name) {
    const auto known = by_name_.find(name);
    if (known != by_name_.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(names_.size());
    by_name_.emplace(names_.emplace_back(name), number);
    return number;
  }

  const std::string& name(std::uint32_t number) const { return names_[number]; }

  std::size_t size() const { return names_.size(); }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kMostIds = 1 << 24;  // larger ids are looked up by name

  std::uint32_t first_of(const Node& node) {
    const std::uint32_t number = of(node.name);
    const std::size_t id = node.id.value();
    if (id < kMostIds) {
      if (id >= by_id_.size()) by_id_.resize(id + 1, kNone);
      by_id_[id] = number;
    }
    return number;
  }

  std::deque<std::string> names_;  // by number; additions move none
  boost::unordered_flat_map<std::string_view, std::uint32_t> by_name_;
  std::vector<std::uint32_t> by_id_;
};

// A set of nodes by name that is emptied at once.
class NodeMarks {
 public:
  void clear() {
    ++round_;
    size_ = 0;
  }

  void insert(const Node& node) {
    std::uint32_t& mark = mark_of(node);
    if (mark != round_) ++size_;
    mark = round_;
  }

  bool contains(const Node& node) { return size_ > 0 && mark_of(node) == round_; }

  bool empty() const { return size_ == 0; }

 private:
  std::uint32_t& mark_of(const Node& node) {
    const std::uint32_t number = numbers_.of(node);
    if (number >= marks_.size()) marks_.resize(number + 1);
    return marks_[number];
  }

  NodeNumbers numbers_;
  std::vector<std::uint32_t> marks_;  // by number
  std::uint32_t round_ = 1;
  std::size_t size_ = 0;
};

}  // namespace casim::sim
