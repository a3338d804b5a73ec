#include "src/core/quantity.h"

#include "tests/catch.h"

namespace casim {
namespace {

struct Text {
  std::int64_t value;
  const char* text;
};

TEST_CASE("CPU amounts print as Kubernetes writes them", "[core]") {
  const auto row = GENERATE(values<Text>(
      {{0, "0"}, {1, "1m"}, {3920, "3920m"}, {4000, "4"}, {1500, "1500m"}, {-250, "-250m"}}));
  CHECK(to_string(MilliCpu(row.value)) == row.text);
}

TEST_CASE("byte amounts print in the largest unit without fraction", "[core]") {
  const auto row = GENERATE(values<Text>({{0, "0"},
                                          {1500, "1500"},
                                          {1024, "1Ki"},
                                          {1'024'000, "1000Ki"},
                                          {std::int64_t{16} << 30, "16Gi"},
                                          {(std::int64_t{16} << 30) + 1, "17179869185"},
                                          {std::int64_t{1536} << 20, "1536Mi"},
                                          {std::int64_t{1} << 40, "1Ti"},
                                          {std::int64_t{1} << 50, "1Pi"},
                                          {std::int64_t{7} << 60, "7Ei"},
                                          {-2048, "-2Ki"}}));
  CHECK(to_string(Bytes(row.value)) == row.text);
}

Resources amounts(std::int64_t cpu, std::int64_t memory, std::int64_t gpus) {
  Resources r;
  r.cpu = MilliCpu(cpu);
  r.memory = Bytes(memory);
  r.pods = 1;
  if (gpus != 0) r.extended["nvidia.com/gpu"] = gpus;
  return r;
}

TEST_CASE("every amount must fit, and zero fits always", "[core]") {
  const Resources free = amounts(1000, 0, 2);
  CHECK(amounts(1000, 0, 2).fits_in(free));
  CHECK_FALSE(amounts(1001, 0, 0).fits_in(free));
  CHECK_FALSE(amounts(0, 1, 0).fits_in(free));
  CHECK_FALSE(amounts(0, 0, 3).fits_in(free));
  CHECK_FALSE(amounts(0, 0, 1).fits_in(amounts(1000, 0, 0)));
  CHECK(amounts(0, 0, 0).fits_in(amounts(-5, -5, 0)));
}

TEST_CASE("subtracting what was added gives the same resources", "[core]") {
  const Resources a = amounts(1000, 1 << 20, 0);
  const Resources b = amounts(250, 77, 3);
  CHECK(a + b - b == a);
  CHECK((a + b).extended.at("nvidia.com/gpu") == 3);
  CHECK((a - b).extended.at("nvidia.com/gpu") == -3);
}

}  // namespace
}  // namespace casim
