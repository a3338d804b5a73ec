// What a fault of a scenario is checked against, beyond its own members, and where problems go.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/config/config.h"
#include "src/core/time.h"

namespace casim::sim {

// The rest of the scenario, as far as a fault can refer to it.
struct FaultSurroundings {
  std::optional<Duration> duration = {};  // of the run; none: until the load is done
  std::vector<std::string_view> node_groups = {};
  std::vector<std::string_view> spot_groups = {};  // of the node groups
  std::vector<std::string_view> static_nodes = {};
  std::vector<std::string_view> zones = {};           // of the node groups
  std::vector<std::string_view> instance_types = {};  // too
};

// Of one fault. Members are named as a user writes them.
class FaultCheck {
 public:
  // `path`: where the fault stands, such as "faults[2]". References outlive it.
  FaultCheck(const FaultSurroundings& surroundings, std::string path,
             const config::Document& document, config::Problems& problems)
      : surroundings_(surroundings),
        path_(std::move(path)),
        document_(document),
        problems_(problems) {}

  // A fault that begins after the run's end never happens: a warning.
  void begins(std::string_view member, Duration begin) const;
  // No group, or none of those named (empty: all), buys Spot machines: a warning.
  void befalls_spot(std::string_view member, const std::vector<std::string>& groups) const;
  // Each must be one that a node group has: EC2 is asked for no other. An empty one is fine: it
  // names none, or the reader refused it.
  void names_group(std::string_view member, const std::string& group) const;
  void names_zone(std::string_view member, const std::string& zone) const;
  void names_type(std::string_view member, const std::string& type) const;
  void names_groups(std::string_view member, const std::vector<std::string>& groups) const;
  void names_zones(std::string_view member, const std::vector<std::string>& zones) const;
  void names_types(std::string_view member, const std::vector<std::string>& types) const;
  void names_static_nodes(std::string_view member, const std::vector<std::string>& nodes) const;
  void error(std::string_view member, const std::string& message) const;

 private:
  using Names = std::vector<std::string_view>;

  void names_one(const std::string& member, std::string_view what, const std::string& name,
                 const Names& known) const;
  void names_each(std::string_view member, std::string_view what,
                  const std::vector<std::string>& names, const Names& known) const;
  std::string path_of(std::string_view member) const;

  const FaultSurroundings& surroundings_;
  std::string path_;
  const config::Document& document_;
  config::Problems& problems_;
};

}  // namespace casim::sim
