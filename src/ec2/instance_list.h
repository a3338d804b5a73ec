// Instances as DescribeInstances lists them. Nothing changes one any more, so a list shares them
// with who made it: thousands are listed again and again, and few of them are others each time.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <boost/iterator/indirect_iterator.hpp>

#include "src/ec2/types.h"

namespace casim::ec2 {

using InstancePtr = std::shared_ptr<const Instance>;

class InstanceList {
 public:
  using const_iterator = boost::indirect_iterator<std::vector<InstancePtr>::const_iterator>;

  InstanceList() = default;

  explicit InstanceList(std::vector<Instance> instances) {
    for (Instance& instance : instances) push_back(std::move(instance));
  }

  void push_back(Instance instance) {
    instances_.push_back(std::make_shared<const Instance>(std::move(instance)));
  }

  void share(InstancePtr instance) { instances_.push_back(std::move(instance)); }

  const_iterator begin() const { return const_iterator(instances_.begin()); }

  const_iterator end() const { return const_iterator(instances_.end()); }

  bool empty() const { return instances_.empty(); }

  std::size_t size() const { return instances_.size(); }

  const Instance& at(std::size_t i) const { return *instances_.at(i); }

  const Instance& front() const { return *instances_.front(); }

  const Instance& back() const { return *instances_.back(); }

 private:
  std::vector<InstancePtr> instances_;  // none is null
};

}  // namespace casim::ec2
