// Reading, writing and schemas of the types without parts of their own. Called by codec.h only.
#pragma once

#include <filesystem>
#include <string>
#include <type_traits>

#include "src/config/cursor.h"
#include "src/config/rules.h"
#include "src/config/units.h"
#include "src/config/value.h"
#include "src/core/distribution.h"
#include "src/core/quantity.h"
#include "src/core/time.h"

namespace casim::config {

void read_leaf(const Cursor& from, bool& out, const Rules& rules);
void read_leaf(const Cursor& from, double& out, const Rules& rules);
void read_leaf(const Cursor& from, std::string& out, const Rules& rules);
void read_leaf(const Cursor& from, Duration& out, const Rules& rules);
void read_leaf(const Cursor& from, WallTime& out, const Rules& rules);
void read_leaf(const Cursor& from, MilliCpu& out, const Rules& rules);
void read_leaf(const Cursor& from, Bytes& out, const Rules& rules);
void read_leaf(const Cursor& from, Resources& out, const Rules& rules);
void read_leaf(const Cursor& from, Distribution& out, const Rules& rules);
void read_leaf(const Cursor& from, CpuDistribution& out, const Rules& rules);
void read_leaf(const Cursor& from, MemoryDistribution& out, const Rules& rules);
void read_leaf(const Cursor& from, std::filesystem::path& out, const Rules& rules);
void read_leaf(const Cursor& from, Value& out, const Rules& rules);

Value write_leaf(bool in, const Rules& rules, const WriteContext& context);
Value write_leaf(double in, const Rules& rules, const WriteContext& context);
Value write_leaf(const std::string& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const Duration& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const WallTime& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const MilliCpu& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const Bytes& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const Resources& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const Distribution& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const CpuDistribution& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const MemoryDistribution& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const std::filesystem::path& in, const Rules& rules, const WriteContext& context);
Value write_leaf(const Value& in, const Rules& rules, const WriteContext& context);

Value leaf_schema(std::type_identity<bool>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<double>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<std::string>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<Duration>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<WallTime>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<MilliCpu>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<Bytes>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<Resources>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<Distribution>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<CpuDistribution>, const Rules& rules, SchemaBuilder& builder);
Value leaf_schema(std::type_identity<MemoryDistribution>, const Rules& rules,
                  SchemaBuilder& builder);
Value leaf_schema(std::type_identity<std::filesystem::path>, const Rules& rules,
                  SchemaBuilder& builder);
Value leaf_schema(std::type_identity<Value>, const Rules& rules, SchemaBuilder& builder);

}  // namespace casim::config
