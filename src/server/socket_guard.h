// Keeps a Unix socket's path for one server. A second one would take the path away from the first,
// which stays up and deaf (externalgrpc.md 2.3a); so who listens holds a lock beside the socket.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace casim::server {

// Of "unix:/path" and "unix:///path"; none: not a Unix socket.
std::optional<std::filesystem::path> unix_path_of(std::string_view address);

class SocketGuard {
 public:
  // Throws std::runtime_error: another server holds it, or the lock file cannot be made.
  explicit SocketGuard(const std::filesystem::path& socket);
  ~SocketGuard();
  SocketGuard(const SocketGuard&) = delete;
  SocketGuard& operator=(const SocketGuard&) = delete;

 private:
  int lock_ = -1;
};

// Files made meanwhile are for owner and group alone: whoever may write to the socket orders
// machines.
class PrivateFiles {
 public:
  PrivateFiles();
  ~PrivateFiles();
  PrivateFiles(const PrivateFiles&) = delete;
  PrivateFiles& operator=(const PrivateFiles&) = delete;

 private:
  unsigned before_;
};

}  // namespace casim::server
