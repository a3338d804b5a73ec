// Objects of Kubernetes as manifests and kubectl write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/config/document.h"
#include "src/config/problems.h"
#include "src/config/value.h"

namespace casim::sim {

// A view into a document, which outlives it.
struct KubeObject {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string namespace_name;
  const config::Value* value = nullptr;

  std::string label() const;  // "Deployment web", "Deployment shop/web"
};

// The value below dotted keys; null: it is not there, or it is null.
const config::Value* value_at(const config::Value& from, std::string_view path);
// Text, or empty where there is none.
std::string text_at(const config::Value& from, std::string_view path);

// Kinds that are not read may have other names, such as "system:node".
void check_object_name(const KubeObject& object, config::Problems& problems);

// Gives a value that was made the place of one that was written.
void stand_at(config::Value& value, const config::Value& place);

// A problem of an object, at a value of it (or at the object itself) and under a path of it.
void object_error(const KubeObject& object, const config::Value& at, std::string_view path,
                  std::string message, config::Problems& problems);
void object_warning(const KubeObject& object, const config::Value& at, std::string_view path,
                    std::string message, config::Problems& problems);

// The objects of documents, those of Lists one by one. What is no object of Kubernetes is a
// problem.
std::vector<KubeObject> objects_in(const std::vector<config::Document>& documents,
                                   const std::string& default_namespace,
                                   config::Problems& problems);

}  // namespace casim::sim
