// What a plain scalar of YAML stands for. Inside of config only.
#pragma once

#include <string>

#include "src/config/value.h"

namespace casim::config {

// The type that the same text has in JSON.
Value json_scalar(const std::string& text);

// The type that Kubernetes' clients give it: YAML 1.1 without base 60 and times, whose numbers are
// Go's [sigs.k8s.io/yaml goyaml.v2 resolve.go]. Infinities, which JSON has not, stay text.
Value yaml11_scalar(const std::string& text);

}  // namespace casim::config
