// As much of an API server as the mirror asks of one: objects by path, versions, conflicts.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/live/kube_api.h"
#include "sim/live/kube_objects.h"
#include "src/core/clock.h"

namespace casim::sim {

class FakeKube final : public KubeApi {
 public:
  using json = nlohmann::json;

  explicit FakeKube(Clock& clock) : clock_(clock) {}

  // Each request takes a millisecond. What is queued answers it instead: a status, or 0 for no
  // reply.
  Awaitable<Result<KubeReply>> send(KubeRequest request) override {
    log.push_back(request.method + " " + request.path);
    co_await clock_.sleep_for(std::chrono::milliseconds(1));
    if (!answers.empty()) {
      const int status = answers.front();
      answers.pop_front();
      if (status == 0) co_return failure(ErrorCode::kUnavailable, "nobody listens");
      if (status != 200) co_return refusal(status);
    }
    co_return serve(request);
  }

  // As somebody else writes it.
  void put(const std::string& path, json object) {
    object["metadata"]["resourceVersion"] = std::to_string(++version_);
    if (text_at(object, "/metadata/uid").empty()) {
      object["metadata"]["uid"] = "uid-" + std::to_string(version_);
    }
    objects[path] = std::move(object);
  }

  int count(const std::string& what) const {
    int n = 0;
    for (const std::string& line : log) n += line.contains(what) ? 1 : 0;
    return n;
  }

  std::map<std::string, json> objects;  // by path
  std::deque<int> answers;
  std::vector<std::string> log;  // "GET /api/v1/nodes"

 private:
  static KubeReply refusal(int status) {
    return {status, json{{"kind", "Status"}, {"message", "refused"}}.dump()};
  }

  KubeReply serve(const KubeRequest& request) {
    const std::string path = request.path.substr(0, request.path.find('?'));
    if (request.method == "POST") return create(path, request.body);
    if (request.method == "GET" && (path == kNodesPath || path == "/api/v1/pods")) {
      return list(path == kNodesPath ? std::string(kNodesPath) + "/" : "/pods/");
    }
    const bool is_status = path.ends_with("/status");
    const auto found = objects.find(is_status ? path.substr(0, path.size() - 7) : path);
    if (found == objects.end()) return refusal(404);
    if (request.method == "PATCH") return change(found->second, request.body);
    if (request.method == "DELETE") return remove(found->first, request.body);
    return {200, found->second.dump()};
  }

  KubeReply create(const std::string& path, const json& object) {
    const std::string whole = path + "/" + text_at(object, "/metadata/name");
    if (objects.contains(whole)) return refusal(409);
    put(whole, object);
    return {201, objects[whole].dump()};
  }

  KubeReply list(const std::string& part) {
    json items = json::array();
    for (const auto& [path, object] : objects) {
      if (path.contains(part)) items.push_back(object);
    }
    return {200, json{{"kind", "List"}, {"items", items}}.dump()};
  }

  KubeReply change(json& object, json patch) {
    const std::string version = text_at(patch, "/metadata/resourceVersion");
    if (!version.empty() && version != text_at(object, "/metadata/resourceVersion")) {
      return refusal(409);
    }
    json conditions = object.value(json::json_pointer("/status/conditions"), json::array());
    const json::json_pointer where("/status/conditions");
    if (patch.contains(where)) {
      for (const json& one : patch[where]) {
        std::erase_if(conditions.get_ref<json::array_t&>(),
                      [&](const json& old) { return old["type"] == one["type"]; });
        conditions.push_back(one);
      }
      patch[where] = conditions;
    }
    object.merge_patch(patch);
    object["metadata"]["resourceVersion"] = std::to_string(++version_);
    return {200, object.dump()};
  }

  KubeReply remove(const std::string& path, const json& options) {
    const std::string uid = text_at(options, "/preconditions/uid");
    if (!uid.empty() && uid != text_at(objects[path], "/metadata/uid")) return refusal(409);
    objects.erase(path);
    return {200, "{}"};
  }

  Clock& clock_;
  std::uint64_t version_ = 0;
};

// The status of a condition; empty: it has none.
inline std::string condition_of(const nlohmann::json& object, const std::string& type) {
  for (const nlohmann::json& one : object.at("status").value("conditions", nlohmann::json())) {
    if (one.at("type") == type) return one.at("status");
  }
  return "";
}

inline bool has_taint(const nlohmann::json& node, const std::string& key) {
  for (const nlohmann::json& one : node.at("spec").value("taints", nlohmann::json())) {
    if (one.at("key") == key) return true;
  }
  return false;
}

}  // namespace casim::sim
