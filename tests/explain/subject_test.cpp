#include "sim/explain/subject.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

constexpr WallTime kStart{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};

TimePoint time_of(const std::string& text) {
  const auto subject = parse_subject("loop/" + text, kStart);
  REQUIRE(subject);
  CHECK(subject->kind == SubjectKind::kLoop);
  return subject->at;
}

std::string refusal(const std::string& text) {
  const auto subject = parse_subject(text, kStart);
  REQUIRE_FALSE(subject);
  return subject.error();
}

}  // namespace

TEST_CASE("a thing is named by its kind and its name", "[explain]") {
  CHECK(parse_subject("pod/web-3", kStart)->name == "web-3");
  CHECK(parse_subject("node/a/b", kStart)->name == "a/b");
  CHECK(parse_subject("group/general", kStart)->kind == SubjectKind::kGroup);
  CHECK(parse_subject("slowest", kStart)->kind == SubjectKind::kSlowest);
}

TEST_CASE("a loop is named by a time in any of three forms", "[explain]") {
  using namespace std::chrono_literals;
  CHECK(time_of("480") == kTimeZero + 480s);
  CHECK(time_of("8m") == kTimeZero + 480s);
  CHECK(time_of("480.5") == kTimeZero + 480'500ms);
  CHECK(time_of("2026-01-05T00:08:00Z") == kTimeZero + 480s);
}

TEST_CASE("what is no thing is refused with what is allowed", "[explain]") {
  CHECK(refusal("pods/a").find("did you mean \"pod\"?") != std::string::npos);
  CHECK(refusal("pod").find("expected pod/NAME") != std::string::npos);
  CHECK(refusal("slowest/pod").find("expected pod/NAME") != std::string::npos);
  for (const char* text : {"loop/-5", "loop/soon", "loop/2025-12-31T00:00:00Z", "loop/1e99"}) {
    CAPTURE(text);
    CHECK(refusal(text).find("is no time of the run") != std::string::npos);
  }
}

}  // namespace casim::sim
