// Texts as Kubernetes' clients read manifests [sigs.k8s.io/yaml]: several documents in one file,
// YAML 1.1 scalars (yes, 0644, 1_000) and merge keys.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "src/config/document.h"
#include "src/config/problems.h"
#include "src/config/value.h"

namespace casim::config {

struct ManifestLimits {
  std::size_t bytes = kMaxBytes;
  std::size_t values = kMaxValues;
};

// All documents of a file; empty ones are left out.
std::optional<std::vector<Document>> load_manifest(const std::filesystem::path& file,
                                                   Problems& problems, ManifestLimits limits = {});
std::optional<std::vector<Document>> parse_manifest(std::string_view text, Format format,
                                                    Origin origin, Problems& problems,
                                                    ManifestLimits limits = {});

}  // namespace casim::config
