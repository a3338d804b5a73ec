// Parameters by their names on the wire.
#include "sim/requirements/parameters.h"

#include "tests/catch.h"

namespace casim::sim {

TEST_CASE("parameters of a launch are counted by their wire names", "[requirements]") {
  ParameterUses uses;
  ec2::RunInstancesRequest request;
  request.instance_type = "m6i.large";
  request.max_count = 7;
  request.tags = {{"cluster", "c"}, {"token", "t"}};
  note_parameters(uses, request);
  request.max_count = 3;
  request.client_token = "t-1";
  note_parameters(uses, request);

  CHECK(uses.at("MaxCount").calls == 2);
  CHECK(uses.at("MaxCount").least == 3);
  CHECK(uses.at("MaxCount").most == 7);
  CHECK(uses.at("ClientToken").calls == 1);
  CHECK(uses.at("ClientToken").values.empty());
  CHECK(uses.at("InstanceType").values == std::set<std::string>{"m6i.large"});
  const ParameterUse& keys = uses.at("TagSpecification.N.Tag.M.Key");
  CHECK(keys.calls == 2);
  CHECK(keys.most_in_call == 2);
  CHECK(keys.values == std::set<std::string>{"cluster", "token"});
  CHECK_FALSE(uses.contains("SubnetId"));
  CHECK_FALSE(uses.contains("Action"));
}

TEST_CASE("filters are told by name, ids only by number", "[requirements]") {
  ParameterUses uses;
  note_parameters(uses, ec2::DescribeInstancesRequest{.filters = {{"tag:cluster", {"c"}}},
                                                      .max_results = 1000});
  note_parameters(uses, ec2::TerminateInstancesRequest{.instance_ids = {"i-1", "i-2", "i-3"}});

  CHECK(uses.at("Filter.N.Name").values == std::set<std::string>{"tag:cluster"});
  CHECK(uses.at("Filter.N.Value.M").values.empty());
  CHECK(uses.at("MaxResults").most == 1000);
  CHECK(uses.at("InstanceId.N").most_in_call == 3);
  CHECK(uses.at("InstanceId.N").values.empty());
}

}  // namespace casim::sim
