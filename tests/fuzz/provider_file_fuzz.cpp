// Any text is a configuration of casim-provider or is refused, as JSON and as YAML; what one means
// can be said, and a provider takes it.
//   build/fuzz/bin/provider_file_fuzz CORPUS deploy/provider
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "src/live/check.h"
#include "src/live/plan.h"
#include "src/live/provider_file.h"
#include "src/provider/provider.h"

namespace {

using namespace casim;

std::optional<live::ProviderFile> read(std::string_view text, config::Format format,
                                       config::Problems& problems) {
  const auto document = config::parse_text(text, format, {"trial", ""}, problems);
  if (!document || problems.has_errors()) return std::nullopt;  // as load_provider_file
  return live::parse_provider_file(*document, problems);
}

void check(std::string_view text, config::Format format) {
  config::Problems problems;
  const std::optional<live::ProviderFile> file = read(text, format, problems);
  if (file.has_value() == problems.has_errors()) std::abort();
  if (!file) return;
  const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
  const std::string region = live::plan_region(*file, nothing);
  if (!provider::validate(live::plan_provider(*file, region)).empty()) std::abort();
  live::plan_machines(*file);
  live::plan_client(*file, region, nothing);
  live::warn_of_sizes(*file, "trial", problems);
  if (problems.has_errors() || live::describe_plan(*file).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, config::Format::kJson);
  check(text, config::Format::kYaml);
  return 0;
}
