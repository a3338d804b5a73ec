#include "src/server/socket_guard.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace casim::server {

std::optional<std::filesystem::path> unix_path_of(std::string_view address) {
  constexpr std::string_view kScheme = "unix:";
  if (!address.starts_with(kScheme)) return std::nullopt;
  address.remove_prefix(kScheme.size());
  if (address.starts_with("//")) address.remove_prefix(2);
  return std::filesystem::path(address);
}

SocketGuard::SocketGuard(const std::filesystem::path& socket) {
  const std::string file = socket.string() + ".lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw std::runtime_error("cannot make " + file + ": " + std::strerror(errno));
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(lock_);
  throw std::runtime_error("cannot listen at " + socket.string() +
                           ": another server listens there (it holds " + file + ")");
}

// The file stays: whoever waits for its lock would otherwise lock one that is no more.
SocketGuard::~SocketGuard() { ::close(lock_); }

PrivateFiles::PrivateFiles() : before_(::umask(0117)) {}

PrivateFiles::~PrivateFiles() { ::umask(static_cast<mode_t>(before_)); }

}  // namespace casim::server
