#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

using Tags = std::vector<ec2::Tag>;

struct TagWorld : Ec2World {
  CallOutcome<ec2::CreateTagsRequest> tag(std::vector<std::string> ids, Tags tags) {
    return start(ec2::CreateTagsRequest{.resource_ids = std::move(ids), .tags = std::move(tags)});
  }

  std::map<std::string, std::string> tags_of(const std::string& id) {
    std::map<std::string, std::string> tags;
    for (const ec2::Tag& tag : model.find(id)->tags) tags[tag.key] = tag.value;
    return tags;
  }
};

Tags many_tags(int count) {
  Tags tags;
  for (int i = 0; i < count; ++i) tags.push_back({"k" + std::to_string(i), "v"});
  return tags;
}

}  // namespace

TEST_CASE("tags are added, and overwritten where the key is there", "[ec2]") {
  TagWorld world;
  auto request = of_type("m6i.large", 2);
  request.tags = {{"a", "1"}, {"b", "2"}};
  const auto two = world.launch(request);
  const auto call = world.tag({two[0].id, two[1].id}, {{"b", "3"}, {"c", ""}});
  world.until(1299ms);
  CHECK(world.tags_of(two[0].id) == std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}});
  world.until(1300ms);
  REQUIRE(code_of(call).empty());
  for (const auto& instance : two) {
    CHECK(world.tags_of(instance.id) ==
          std::map<std::string, std::string>{{"a", "1"}, {"b", "3"}, {"c", ""}});
  }
}

TEST_CASE("tags that break a rule are refused, and none of the call is set", "[ec2]") {
  struct Row {
    const char* name;
    std::vector<std::string> more_ids;
    Tags tags;
    const char* code;
  };

  const std::string umlauts = [] {
    std::string text;
    for (int i = 0; i < 127; ++i) text += "\xC3\xA4";
    return text;
  }();
  const auto row = GENERATE_COPY(values<Row>({
      {"no tag", {}, {}, "MissingParameter"},
      {"no key", {}, {{"", "x"}}, "InvalidParameterValue"},
      {"reserved", {}, {{"aws:x", "y"}}, "InvalidParameterValue"},
      {"long key", {}, {{std::string(128, 'k'), "y"}}, "InvalidParameterValue"},
      {"key of 127 characters", {}, {{umlauts, "y"}}, ""},
      {"long value", {}, {{"k", std::string(257, 'v')}}, "InvalidParameterValue"},
      {"same key twice", {}, {{"k", "1"}, {"k", "2"}}, "InvalidParameterValue"},
      {"too many", {}, many_tags(51), "TagLimitExceeded"},
      {"too many with those there", {}, many_tags(50), "TagLimitExceeded"},
      {"as many as may be", {}, many_tags(49), ""},
      {"no instance", {"vol-00000000000000000"}, {{"k", "v"}}, "InvalidID"},
      {"malformed", {"i-x"}, {{"k", "v"}}, "InvalidInstanceID.Malformed"},
      {"unknown", {"i-00000000000000000"}, {{"k", "v"}}, "InvalidInstanceID.NotFound"},
  }));
  CAPTURE(row.name);
  TagWorld world;
  auto request = of_type("m6i.large");
  request.tags = {{"there", "1"}};
  std::vector<std::string> ids{world.launch(request).at(0).id};
  const std::string id = ids[0];
  ids.insert(ids.end(), row.more_ids.begin(), row.more_ids.end());
  const auto call = world.tag(ids, row.tags);
  world.until(10s);
  CHECK(code_of(call) == row.code);
  const std::size_t added = *row.code == '\0' ? row.tags.size() : 0;
  CHECK(world.tags_of(id).size() == 1 + added);
}

TEST_CASE("a launch with too many tags is refused, too", "[ec2]") {
  TagWorld world;
  auto request = of_type("m6i.large");
  request.tags = many_tags(51);
  const auto call = world.run(request);
  world.until(10s);
  CHECK(code_of(call) == "TagLimitExceeded");
}

TEST_CASE("of two calls at once about one instance the later is refused", "[ec2]") {
  TagWorld world;
  const auto two = world.launch(of_type("m6i.large", 2));
  const auto first = world.tag({two[0].id}, {{"a", "1"}});
  const auto second = world.tag({two[1].id, two[0].id}, {{"b", "2"}});
  const auto elsewhere = world.tag({two[1].id}, {{"c", "3"}});
  world.until(2s);
  CHECK(code_of(first).empty());
  CHECK(code_of(second) == "ConcurrentTagAccess");
  CHECK(code_of(elsewhere).empty());
  const auto later = world.tag({two[0].id}, {{"b", "2"}});
  world.until(3s);
  CHECK(code_of(later).empty());
  CHECK(world.tags_of(two[0].id) == std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("tags are described by filter", "[ec2]") {
  struct Row {
    const char* name;
    std::vector<ec2::Filter> filters;
    std::set<std::string> found;  // key=value
  };

  const auto row = GENERATE(values<Row>({
      {"all", {}, {"a=1", "b=2", "c=2"}},
      {"key", {{"key", {"a", "b"}}}, {"a=1", "b=2"}},
      {"value", {{"value", {"2"}}}, {"b=2", "c=2"}},
      {"tag", {{"tag:c", {"*"}}}, {"c=2"}},
      {"type", {{"resource-type", {"volume"}}}, {}},
      {"both", {{"resource-type", {"instance"}}, {"key", {"?"}}, {"value", {"1"}}}, {"a=1"}},
  }));
  CAPTURE(row.name);
  TagWorld world;
  auto request = of_type("m6i.large");
  request.tags = {{"c", "2"}, {"a", "1"}, {"b", "2"}};
  const std::string id = world.launch(request).at(0).id;
  const auto call = world.start(ec2::DescribeTagsRequest{.filters = row.filters});
  world.until(10s);
  REQUIRE(code_of(call).empty());
  std::set<std::string> found;
  for (const ec2::TagDescription& tag : call->answer->value().tags) {
    CHECK(tag.resource_id == id);
    CHECK(tag.resource_type == "instance");
    found.insert(tag.key + "=" + tag.value);
  }
  CHECK(found == row.found);
}

TEST_CASE("pages of tags hold each tag once", "[ec2]") {
  TagWorld world;
  auto request = of_type("m6i.large", 3);
  request.tags = many_tags(4);
  world.launch(request);
  ec2::DescribeTagsRequest describe;
  describe.max_results = 5;
  std::vector<std::size_t> sizes;
  std::set<std::string> seen;
  std::set<std::string> tokens;
  do {
    const auto call = world.start(describe);
    world.until(world.kernel.now() - kTimeZero + 1s);
    REQUIRE(code_of(call).empty());
    const auto& reply = call->answer->value();
    sizes.push_back(reply.tags.size());
    for (const auto& tag : reply.tags) CHECK(seen.insert(tag.resource_id + tag.key).second);
    describe.next_token = reply.next_token;
    if (!reply.next_token.empty()) CHECK(tokens.insert(reply.next_token).second);
  } while (!describe.next_token.empty());
  CHECK(sizes == std::vector<std::size_t>{5, 5, 2});
  CHECK(seen.size() == 12);
}

TEST_CASE("what DescribeTags refuses", "[ec2]") {
  struct Row {
    const char* name;
    ec2::DescribeTagsRequest request;
    const char* code;
  };

  const auto row = GENERATE(values<Row>({
      {"page too small", {{}, 4, "", false}, "InvalidParameterValue"},
      {"page too big", {{}, 1001, "", false}, "InvalidParameterValue"},
      {"unknown filter", {{{"colour", {"red"}}}, 0, "", false}, "InvalidParameterValue"},
      {"filter of other actions", {{{"tag-key", {"a"}}}, 0, "", false}, "InvalidParameterValue"},
      {"bad token", {{}, 5, "zzz", false}, "InvalidPaginationToken"},
  }));
  CAPTURE(row.name);
  TagWorld world;
  const auto call = world.start(row.request);
  world.until(10s);
  CHECK(code_of(call) == row.code);
}
