#include "src/ec2/region.h"

#include "tests/catch.h"

using namespace casim::ec2;

TEST_CASE("a zone lies in the Region that its name begins with", "[ec2]") {
  struct Row {
    const char* zone;
    const char* region;
  };

  const auto row = GENERATE(values<Row>({
      {"us-east-1a", "us-east-1"},
      {"ap-southeast-2c", "ap-southeast-2"},
      {"us-gov-west-1b", "us-gov-west-1"},
      {"us-west-2-lax-1a", "us-west-2"},         // local zone
      {"us-east-1-wl1-bos-wlz-1", "us-east-1"},  // wavelength zone
      {"us-east-1", "us-east-1"},
      {"xx-far-12b", "xx-far-12"},
      {"rack7", "rack7"},
      {"my-zone-a", "my-zone-a"},
      {"my-zone-", "my-zone-"},
      {"", ""},
  }));
  CAPTURE(row.zone);
  CHECK(region_of(row.zone) == row.region);
}
