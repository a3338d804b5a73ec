// What Kubernetes allows as keys and values of labels [k8s:apimachinery/pkg/util/validation].
#pragma once

#include <string>
#include <string_view>

#include "sim/cluster/objects.h"

namespace casim::sim {

// "app", "example.com/tier": a name of at most 63 letters, digits, - _ and dots between letters or
// digits, after the name of a domain, if any.
bool is_label_key(std::string_view key);
bool is_label_value(std::string_view value);

// The first key or value that is none, with what it should be; empty: all are good.
std::string problem_of(const Labels& labels);

}  // namespace casim::sim
