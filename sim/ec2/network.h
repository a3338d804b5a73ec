// The network that instances are in: one VPC with one subnet in each zone, as the default VPC has
// them. assumed: 10.0.0.0/8, so that no subnet ever runs out of addresses.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sim/ec2/config.h"

namespace casim::sim {

class Network {
 public:
  explicit Network(const Ec2Config& config);

  const std::string& vpc_id() const { return vpc_id_; }

  // Known by its id from now on.
  const std::string& subnet_in(const std::string& zone);
  // nullptr: no such subnet.
  const std::string* zone_of(const std::string& subnet_id) const;

  // Of the n-th instance of the account.
  static std::string address_of(std::uint64_t number);

 private:
  std::string vpc_id_;
  std::map<std::string, std::string> subnet_of_zone_;
  std::map<std::string, std::string> zone_of_subnet_;
};

}  // namespace casim::sim
