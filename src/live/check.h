// What --check says of a configuration beyond its errors.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "src/live/provider_file.h"

namespace casim::live {

// Groups so large that an autoscaler's client refuses the answer.
void warn_of_sizes(const ProviderFile& file, const std::filesystem::path& path,
                   config::Problems& problems);

// What the provider would do, line by line.
std::vector<std::string> describe_plan(const ProviderFile& file);

}  // namespace casim::live
