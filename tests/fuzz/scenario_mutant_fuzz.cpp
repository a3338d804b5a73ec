// Good scenarios changed as the input says: refused, or they run. From the repository's root:
//   build/fuzz/bin/scenario_mutant_fuzz CORPUS
// With a single input, such as one that was found, it prints the scenario before it tries it.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "tests/fuzz/mutant.h"
#include "tests/fuzz/trial.h"

namespace {

constexpr std::uint64_t kEvents = 5'000;

bool prints = false;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  prints = *count == 2 && std::filesystem::is_regular_file((*arguments)[1]);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<casim::fuzz::Json> kBases = casim::fuzz::base_scenarios();
  casim::fuzz::Choices choices({reinterpret_cast<const char*>(data), size});
  const std::string text = casim::fuzz::mutant(kBases, choices);
  if (prints) std::fprintf(stderr, "%s\n", text.c_str());
  casim::fuzz::try_running(text, kEvents);
  return 0;
}
