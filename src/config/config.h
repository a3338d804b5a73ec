// Configurations read into structs, written back, and described by a JSON Schema, all from one
// describe() function per struct (visitor.h shows one, codec.h lists the types). Use:
//
//   config::Problems problems;
//   auto document = config::load_file("scenarios/x.json", problems);
//   if (document) {
//     for (const auto& text : overrides) config::apply_override(*document, text, problems);
//     Scenario scenario;
//     config::read(*document, scenario, problems);
//     validate(scenario, *document, problems);  // document->error(problems, path, message)
//   }
//   if (problems.has_errors()) { print(problems.text()); return 2; }
//
//   config::to_json(config::write(scenario));                                  // scenario.json
//   config::to_json(config::schema<Scenario>("casim scenario", "What to run.")) // casim schema
//
// What read(write(x)) gives equals x.
#pragma once

#include "src/config/codec.h"
#include "src/config/document.h"
#include "src/config/names.h"
#include "src/config/overrides.h"
#include "src/config/problems.h"
#include "src/config/units.h"
#include "src/config/visitor.h"

namespace casim::config {

// Reads over the defaults in `out`. True if there was no error; `out` is then whole. Every problem
// is listed, those of unknown keys included. "$schema" is allowed at the top.
template <class T>
bool read(const Document& document, T& out, Problems& problems) {
  const std::size_t before = problems.error_count();
  Codec<T>::read(Cursor(document.root(), problems), out, Rules{});
  return problems.error_count() == before;
}

// Every member, defaults included, in canonical spelling.
template <class T>
Value write(const T& in, const std::filesystem::path& base_directory = {}) {
  return Codec<T>::write(in, Rules{}, WriteContext{base_directory});
}

// Adds title, description, $schema and the shared definitions to the schema of an object.
Value complete_schema(Value object, const SchemaBuilder& builder, std::string_view title,
                      std::string_view description);

// JSON Schema, draft 2020-12.
template <class T>
Value schema(std::string_view title, std::string_view description, const T& defaults = T{}) {
  SchemaBuilder builder;
  Value object = Codec<T>::schema(defaults, Rules{}, builder);
  return complete_schema(std::move(object), builder, title, description);
}

}  // namespace casim::config
