#include "src/provider/launch_token.h"

#include "tests/catch.h"

using namespace casim::provider;

TEST_CASE("the token of a slot names its call and its place", "[provider]") {
  CHECK(slot_token({.call = call_token("casim-5-ab", 1)}) == "casim-5-ab");
  const LaunchToken fourth{.call = call_token("casim-5-ab", 30), .size = 30, .place = 4};
  CHECK(slot_token(fourth) == "casim-5-ab-30#4");
  CHECK(parse_launch_token("casim-5-ab-30#4") == fourth);
  CHECK(slot_token_at("casim-5-ab-30", 4) == "casim-5-ab-30#4");
}

TEST_CASE("any other text is the token of one slot", "[provider]") {
  for (const char* text : {"", "casim-5-ab", "a#b", "a-3#", "a-3#3", "a-1#0", "a-x#1", "a-3#-1"}) {
    CAPTURE(text);
    CHECK(parse_launch_token(text) == LaunchToken{.call = text});
  }
}
