#include "sim/paths/credentials/credentials.h"

#include <optional>

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct Outage {
  std::optional<Duration> from;  // none: never
  Duration length{};             // within the time that was looked at
};

// Asks once a second.
Outage outage_of(Credentials& credentials, Duration until, ec2::ErrorCode expected) {
  Outage outage;
  for (Duration t{}; t < until; t += 1s) {
    const std::optional<ec2::ErrorCode> code = credentials.refusal_at(kTimeZero + t);
    if (!code) continue;
    CHECK(*code == expected);
    if (!outage.from) outage.from = t;
    outage.length += 1s;
  }
  return outage;
}

constexpr Duration kFirst = 2h;
constexpr Duration kLook = 6h;

RotatedCredentials rotated(SecretReader reader, RotationMode mode) {
  RotatedCredentials config;
  config.reader = reader;
  config.mode = mode;
  config.first = kFirst;
  config.watch_delay = 500ms;
  return config;
}

}  // namespace

TEST_CASE("how a secret is read decides how long a rotation shuts EC2 off", "[paths]") {
  struct Row {
    const char* name;
    SecretReader reader;
    RotationMode mode;
    Duration late;
    Duration least;
    Duration most;
  };

  using Reader = SecretReader;
  using Mode = RotationMode;
  const auto row = GENERATE(values<Row>({
      {"overlap, API", Reader::kApi, Mode::kOverlap, 0s, 0s, 0s},
      {"overlap, volume", Reader::kVolume, Mode::kOverlap, 0s, 0s, 0s},
      {"overlap, cached by the process", Reader::kProcessCache, Mode::kOverlap, 0s, 0s, 0s},
      {"overlap, environment: never read again", Reader::kEnv, Mode::kOverlap, 0s, 3h, 3h},
      {"hard cut, API: the watch delay", Reader::kApi, Mode::kHardCut, 0s, 1s, 1s},
      {"hard cut, volume: the kubelet's sync", Reader::kVolume, Mode::kHardCut, 0s, 1s, 62s},
      {"hard cut, cached by the process", Reader::kProcessCache, Mode::kHardCut, 0s, 1s, 962s},
      {"hard cut, environment", Reader::kEnv, Mode::kHardCut, 0s, 4h, 4h},
      {"late write, API: so late, and the delay", Reader::kApi, Mode::kLateWrite, 10min, 601s,
       601s},
  }));
  const auto seed = GENERATE(range(1, 6));
  CAPTURE(row.name, seed);
  RotatedCredentials config = rotated(row.reader, row.mode);
  config.late_write = row.late;
  const Random random(static_cast<std::uint64_t>(seed));
  SecretCredentials credentials(config, random);
  const Outage outage = outage_of(credentials, kLook, ec2::ErrorCode::kAuthFailure);
  CHECK(outage.length >= row.least);
  CHECK(outage.length <= row.most);
  const bool is_overlap = row.mode == RotationMode::kOverlap;
  if (outage.from) CHECK(*outage.from == (is_overlap ? kFirst + 1h : kFirst));
}

TEST_CASE("what a damaged secret does hangs on how it is read", "[paths]") {
  struct Row {
    const char* name;
    SecretReader reader;
    SecretDamage how;
    bool is_felt;
  };

  using Reader = SecretReader;
  using Damage = SecretDamage;
  const auto row = GENERATE(values<Row>({
      {"deleted, API", Reader::kApi, Damage::kDeleted, true},
      {"deleted, volume keeps its files", Reader::kVolume, Damage::kDeleted, false},
      {"deleted, environment", Reader::kEnv, Damage::kDeleted, false},
      {"malformed, API", Reader::kApi, Damage::kMalformed, true},
      {"malformed, volume", Reader::kVolume, Damage::kMalformed, true},
      {"malformed, environment", Reader::kEnv, Damage::kMalformed, false},
  }));
  CAPTURE(row.name);
  RotatedCredentials config = rotated(row.reader, RotationMode::kOverlap);
  config.first = 100h;
  config.broken = BrokenSecret{.at = 1h, .length = 30min, .how = row.how};
  const Random random(1);
  SecretCredentials credentials(config, random);
  const Outage outage = outage_of(credentials, kLook, ec2::ErrorCode::kAuthFailure);
  CHECK(outage.from.has_value() == row.is_felt);
  if (row.is_felt) CHECK(outage.length > 28min);
  if (row.is_felt) CHECK(outage.length < 32min);
}

TEST_CASE("a session that is renewed in time is never noticed", "[paths]") {
  TemporaryCredentials config;
  config.refresh_fails = 0;
  const Random random(1);
  SessionCredentials credentials(config, random);
  CHECK(!outage_of(credentials, 24h, ec2::ErrorCode::kRequestExpired).from);
}

TEST_CASE("a session that cannot be renewed ends with its validity", "[paths]") {
  TemporaryCredentials config;
  config.refresh_fails = 0;
  config.never_renewed_after = 2h;
  const Random random(1);
  SessionCredentials credentials(config, random);
  // Renewed at 55 min and 1 h 50 min; that session ends an hour later.
  const Outage outage = outage_of(credentials, 6h, ec2::ErrorCode::kRequestExpired);
  REQUIRE(outage.from);
  CHECK(*outage.from == 2h + 50min);
  CHECK(outage.length == 6h - (2h + 50min));
}

TEST_CASE("a renewal that fails is tried again before it is too late", "[paths]") {
  TemporaryCredentials config;
  config.refresh_fails = 0.9;
  config.retry = 60s;
  const Random random(3);
  SessionCredentials credentials(config, random);
  const Outage outage = outage_of(credentials, 48h, ec2::ErrorCode::kRequestExpired);
  // Five tries before the end, each one in ten: most renewals come late, and end the outage.
  REQUIRE(outage.from);
  CHECK(outage.length > 1h);
  CHECK(outage.length < 24h);
}
