// No input may crash the reader: damaged texts, damaged numbers, damaged overrides.
#include <cstdint>

#include "tests/catch.h"
#include "tests/config/sample.h"

namespace casim::sample {
namespace {

constexpr std::string_view kJson = R"({"seed": 7, "start": "2026-01-05T00:00:00Z",
  "duration": "1h30m", "cpu": "500m", "boot": {"p50": "1.5s", "p99": "3.4s"},
  /* c */ "groups": [{"name": "a", "colors": ["red"], "labels": {"x/y": "z"}}],
  "workloads": [{"name": "w", "kind": "job", "pods": 3}]})";

constexpr std::string_view kYaml =
    "seed: 7\nduration: 1h30m\nboot: {p50: 1.5s, p99: 3.4s}\n"
    "groups:\n- &g\n  name: a\n  labels: {x/y: z}\n- *g\n? x\n: |\n  text\n";

// A small generator of its own: the garbage is the same on every machine.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}

  std::size_t below(std::size_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ % limit;
  }

 private:
  std::uint64_t state_;
};

std::string damaged(std::string_view text, Noise& noise) {
  constexpr std::string_view kPieces = "{}[]\":,&*!|>-?#%@`'\n\t\\ 0123456789eE+.~\xff\0\x01/";
  std::string result(text);
  for (std::size_t i = 0; i <= noise.below(6); ++i) {
    const std::size_t at = noise.below(result.size() + 1);
    const char piece = kPieces[noise.below(kPieces.size())];
    switch (noise.below(4)) {
      case 0:
        result.insert(at, 1, piece);
        break;
      case 1:
        result.erase(at, noise.below(8));
        break;
      case 2:
        if (at < result.size()) result[at] = piece;
        break;
      default:
        result.insert(at, result.substr(noise.below(result.size() + 1), noise.below(40)));
    }
  }
  return result;
}

TEST_CASE("damaged texts give problems or values, never a crash", "[config]") {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Noise noise(seed);
    const bool is_yaml = seed % 2 == 1;
    const std::string text = damaged(is_yaml ? kYaml : kJson, noise);
    Settings settings;
    problems_of(text, settings, is_yaml ? config::Format::kYaml : config::Format::kJson);
    // Whatever was accepted can be written and read again.
    Settings again;
    const std::string written = config::to_json(config::write(settings));
    INFO(text);
    REQUIRE(problems_of(written, again).find("expected") == std::string::npos);
  }
}

TEST_CASE("every prefix of a text is handled", "[config]") {
  for (std::size_t size = 0; size < kJson.size(); ++size) {
    CHECK_FALSE(problems_of(kJson.substr(0, size)).empty());
  }
  for (std::size_t size = 0; size < kYaml.size(); ++size) {
    Settings settings;
    problems_of(kYaml.substr(0, size), settings, config::Format::kYaml);
  }
}

TEST_CASE("damaged overrides are handled", "[config]") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Noise noise(seed);
    const std::string text = damaged("groups[0].labels.\"x/y\"={\"a\": [1, 2]}", noise);
    config::Problems problems;
    auto document = config::parse_text(kJson, config::Format::kJson, {"x", ""}, problems);
    REQUIRE(document.has_value());
    config::apply_override(*document, text, problems);
    Settings settings;
    config::read(*document, settings, problems);
  }
}

TEST_CASE("damaged amounts are handled", "[config]") {
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    Noise noise(seed);
    const std::string text = damaged("1h30.5m12e+3Gi/s", noise);
    if (const auto d = config::parse_duration(text)) {
      CHECK(config::parse_duration(config::write_duration(*d)) == *d);
    }
    config::parse_bytes(text);
    config::parse_cpu(text);
    config::parse_wall_time(text);
    config::parse_path(text);
  }
}

}  // namespace
}  // namespace casim::sample
