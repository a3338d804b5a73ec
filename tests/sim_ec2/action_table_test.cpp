#include "sim/ec2/action_table.h"

#include <tuple>

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;

namespace {

template <class Row>
void check_functions(const Row& row) {
  CHECK((row.act == nullptr) != (row.plan == nullptr));
}

}  // namespace

TEST_CASE("each action decides at its answer or plans on arrival, never both", "[ec2]") {
  std::apply([](const auto&... rows) { (check_functions(rows), ...); }, kActionTable);
}
