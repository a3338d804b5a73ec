// The schemas that several types share. Inside of config only.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "src/config/cursor.h"

namespace casim::config {

Value make_object(std::initializer_list<std::pair<std::string_view, Value>> entries);

// Definitions under #/$defs.
Value duration_schema(SchemaBuilder& builder);
Value quantity_schema(SchemaBuilder& builder);

}  // namespace casim::config
