// Every member that any shipped scenario has, and every other that there is, once: under a name
// that is misspelt, and with a value of every other kind.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"
#include "tests/fuzz/mutant.h"
#include "tests/fuzz/trial.h"

namespace casim::fuzz {
namespace {

// Where a member stands: as messages have it, and with every index and kind forgotten.
struct Member {
  Json::json_pointer parent;
  std::string key;
  std::string parent_path;
  std::string path;   // node_groups[0].min
  std::string place;  // node_groups[].min
};

std::string below(const std::string& path, const std::string& key) {
  const bool is_plain = key.find_first_not_of(
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                            "0123456789-") == std::string::npos;
  if (!is_plain) return path + "[\"" + key + "\"]";
  return path.empty() ? key : path + "." + key;
}

// Members of one object by kind: a burst's are others than a Deployment's.
std::string kind_of(const Json& object) {
  const auto kind = object.find("kind");
  return kind != object.end() && kind->is_string() ? "(" + kind->get<std::string>() + ")" : "";
}

void collect(const Json& value, Member at, std::vector<Member>& out) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      collect(value[i],
              {at.parent / i, "", "", at.path + "[" + std::to_string(i) + "]", at.place + "[]"},
              out);
    }
    return;
  }
  if (!value.is_object()) return;
  at.place += kind_of(value);
  for (const auto& [key, member] : value.items()) {
    const Member one{at.parent, key, at.path, below(at.path, key), below(at.place, key)};
    out.push_back(one);
    collect(member, {at.parent / key, "", "", one.path, one.place}, out);
  }
}

// Calls `judge` with each scenario and each member whose place was not there before.
template <class Judge>
void for_each_member(const Judge& judge) {
  std::set<std::string> seen;
  for (const Json& base : base_scenarios()) {
    if (try_reading(base.dump(1), config::Format::kJson).verdict != Verdict::kGood) continue;
    std::vector<Member> members;
    collect(base, Member(), members);
    for (const Member& member : members) {
      if (seen.insert(member.place).second) judge(base, member);
    }
  }
  CHECK(seen.size() > 400);
}

// With the name of that member changed, at its place.
Json renamed(const Json& base, const Member& member, const std::string& name) {
  Json out = base;
  Json object = Json::object();
  for (const auto& [key, value] : out[member.parent].items()) {
    object[key == member.key ? name : key] = value;
  }
  out[member.parent] = object;
  return out;
}

// Objects whose names are the user's.
bool has_free_names(const std::string& place) {
  for (const char* end : {"labels", "annotations", "nodeSelector", "matchLabels", "demand"}) {
    if (place.ends_with(end)) return true;
  }
  return false;
}

// The names that were allowed, or their form.
bool says_what_is_allowed(const std::string& problems, const std::string& meant) {
  for (const std::string& part : {'"' + meant + '"', std::string("allowed"), std::string("form")}) {
    if (problems.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a misspelt member is refused where it stands, with the name that was meant", "[fuzz]") {
  for_each_member([](const Json& base, const Member& member) {
    const std::string wrong = member.key + "q";
    const Trial trial = try_reading(renamed(base, member, wrong).dump(1), config::Format::kJson);
    INFO(member.place << "\n" << trial.problems);
    if (has_free_names(member.parent_path)) return;
    if (trial.verdict == Verdict::kTooLarge) return;  // what made it small has another name
    // A resource that no node offers is possible, and no node has it.
    const bool is_resource = member.key.find('/') != std::string::npos;
    CHECK(trial.verdict == (is_resource ? Verdict::kGood : Verdict::kRefused));
    CHECK(trial.problems.find(wrong) != std::string::npos);
    CHECK(says_what_is_allowed(trial.problems, member.key));
  });
}

TEST_CASE("a value of another kind is good or refused where it stands", "[fuzz]") {
  const std::vector<Json> wrong = {nullptr,
                                   true,
                                   -1,
                                   1e300,
                                   "no such thing",
                                   Json::array(),
                                   Json::object(),
                                   Json::array({1}),
                                   Json::object({{"q", 1}})};
  for_each_member([&](const Json& base, const Member& member) {
    if (member.key == "$schema") return;  // for editors
    int refused = 0;
    for (const Json& value : wrong) {
      Json changed = base;
      changed[member.parent][member.key] = value;
      const Trial trial = try_reading(changed.dump(1), config::Format::kJson);
      if (trial.verdict == Verdict::kGood) continue;
      ++refused;
      if (trial.verdict == Verdict::kTooLarge) continue;
      INFO(member.path << " as " << value.dump() << "\n" << trial.problems);
      CHECK(trial.problems.find("trial:") == 0);
      // It, or what stands beside it; by a name that is gone, whoever uses the name.
      const bool says_where = trial.problems.find(member.path) != std::string::npos ||
                              (!member.parent_path.empty() &&
                               trial.problems.find(member.parent_path) != std::string::npos);
      CHECK((says_where || member.key == "name"));
    }
    INFO(member.place);
    CHECK(refused >= 4);
  });
}

}  // namespace casim::fuzz
