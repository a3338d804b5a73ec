// The two syntaxes. Inside of config only. False: the text is no such document, see the problems.
#pragma once

#include <string_view>
#include <vector>

#include "src/config/tree_builder.h"

namespace casim::config {

bool parse_json(std::string_view text, bool allow_comments, TreeBuilder& builder);
bool parse_yaml(std::string_view text, TreeBuilder& builder);
// Any number of documents, their scalars and merge keys as Kubernetes' clients read them.
bool parse_manifest_yaml(std::string_view text, TreeBuilder& builder,
                         std::vector<Value>& documents);

}  // namespace casim::config
