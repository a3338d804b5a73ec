// A fact as a sentence, for timelines.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sim/events/facts.h"

namespace casim::sim {

// What facts call by number.
struct FactNames {
  std::function<std::string(PodId)> pod;
  std::function<std::string(NodeId)> node;
};

// Empty sentences: the fact says nothing that another one does not.
struct FactWords {
  std::string one;   // "node general-3 becomes Ready"
  std::string many;  // of several of the kind, behind their number: "nodes become Ready"; empty:
                     // each is told by itself
  NodeId node;       // that it is about, if any
  std::string instance;            // likewise
  std::optional<Duration> length;  // of a wait
};

FactWords words_of(const Fact& fact, const FactNames& names);

// "11 nodes", "1 node"
std::string counted(std::int64_t count, std::string_view noun);

}  // namespace casim::sim
