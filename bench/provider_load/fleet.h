// A provider with machines: its configuration, a store that an earlier life of it has filled, and
// an EC2 in this process that has all of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/provider_load/closed_loop.h"
#include "tests/program/bench.h"

namespace casim::bench {

class Fleet {
 public:
  // Machines that have all joined.
  Fleet(int groups, int machines_each);

  // Once it takes calls. Throws std::runtime_error if it does not.
  std::unique_ptr<live::Child> start();
  // A server that answers every method as it is answered here.
  std::unique_ptr<live::Child> start_echo(ClosedLoop& provider,
                                          const std::vector<CallBytes>& calls);

  // The first list of all machines has been told by EC2.
  bool has_listed();

  static std::string group(int index);

  // Of a machine that has joined, as an autoscaler asks with the labels of its Node.
  CallBytes owner_of(int machine) const;
  static CallBytes nodes_of(int group_index);
  static CallBytes target_of(int group_index);
  // What a loop of an autoscaler asks of each group of 20 nodes, in one proportion.
  std::vector<CallBytes> loop_calls() const;

 private:
  std::string provider_id(int machine) const;
  void fill_cloud();
  void fill_store();

  int groups_;
  int each_;
  live::ProgramBench bench_;
};

std::string address_of(const live::Child& server);
// Of a process, now.
double resident_mb(const live::Child& server);

}  // namespace casim::bench
