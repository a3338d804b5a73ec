// Any text is a scenario or is refused, as JSON and as YAML.
//   build/fuzz/bin/scenario_reader_fuzz CORPUS scenarios
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/trial.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  casim::fuzz::try_reading(text, casim::config::Format::kJson);
  casim::fuzz::try_reading(text, casim::config::Format::kYaml);
  return 0;
}
