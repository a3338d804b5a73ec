#include "src/ec2/credentials/file_credentials.h"

#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

namespace casim::ec2 {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeyFiles[] = {"aws_access_key_id", "aws_secret_access_key",
                                     "aws_session_token"};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

std::unexpected<Error> none(std::string message) {
  return failure(ErrorCode::kUnauthenticated, std::move(message));
}

std::optional<std::string> contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return std::nullopt;
  return text;
}

// Kubernetes swaps the link "..data" when a Secret changes: behind it all files are of one version.
fs::path one_version_of(const fs::path& folder) {
  std::error_code error;
  const fs::path target = fs::canonical(folder / "..data", error);
  return error ? folder : target;
}

Result<Credentials> read_folder(const fs::path& folder) {
  const fs::path version = one_version_of(folder);
  Credentials out;
  std::string* members[] = {&out.access_key_id, &out.secret_access_key, &out.session_token};
  for (std::size_t i = 0; i < std::size(kKeyFiles); ++i) {
    const std::optional<std::string> text = contents(version / kKeyFiles[i]);
    const bool is_required = i < 2;
    if (!text && !is_required) continue;
    *members[i] = trim(text.value_or(""));
    if (is_required && members[i]->empty()) {
      return none(fmt::format("{} is missing or empty", (folder / kKeyFiles[i]).string()));
    }
  }
  return out;
}

}  // namespace

Result<Credentials> parse_credentials_file(std::string_view text, std::string_view profile) {
  std::map<std::string, std::string, std::less<>> values;
  bool is_ours = false;
  bool is_found = false;
  while (!text.empty()) {
    const std::string_view line = trim(text.substr(0, text.find('\n')));
    text.remove_prefix(
        std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      is_ours = trim(line.substr(1, line.find(']') - 1)) == profile;
      is_found = is_found || is_ours;
      continue;
    }
    const auto equals = line.find('=');
    if (!is_ours || equals == std::string_view::npos) continue;
    values[std::string(trim(line.substr(0, equals)))] = trim(line.substr(equals + 1));
  }
  if (!is_found) return none(fmt::format("there is no profile [{}]", profile));
  Credentials out{.access_key_id = values["aws_access_key_id"],
                  .secret_access_key = values["aws_secret_access_key"],
                  .session_token = values["aws_session_token"]};
  if (out.access_key_id.empty() || out.secret_access_key.empty()) {
    return none(
        fmt::format("profile [{}] lacks aws_access_key_id or aws_secret_access_key", profile));
  }
  return out;
}

FileCredentials::FileCredentials(fs::path path, std::string profile, bool is_optional)
    : path_(std::move(path)), profile_(std::move(profile)), is_optional_(is_optional) {}

std::string FileCredentials::name() const { return path_.string(); }

std::vector<fs::path> FileCredentials::files() const {
  std::error_code error;
  if (!fs::is_directory(path_, error)) return {path_};
  std::vector<fs::path> files;
  for (const char* file : kKeyFiles) files.push_back(path_ / file);
  return files;
}

std::vector<FileCredentials::Stamp> FileCredentials::stamps() const {
  std::vector<Stamp> stamps;
  for (const fs::path& file : files()) {
    struct stat info{};
    Stamp stamp;
    if (::stat(file.c_str(), &info) == 0) {
      stamp = {info.st_dev, info.st_ino, info.st_size,
               info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec};
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

Result<Credentials> FileCredentials::read() const {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (!fs::exists(status)) {
    const auto code = is_optional_ ? ErrorCode::kFailedPrecondition : ErrorCode::kUnauthenticated;
    return failure(code, path_.string() + " is not there");
  }
  Result<Credentials> found;
  if (fs::is_directory(status)) {
    found = read_folder(path_);
  } else if (const auto text = contents(path_)) {
    found = parse_credentials_file(*text, profile_);
  } else {
    found = none("cannot be read");
  }
  if (!found) found.error().message = path_.string() + ": " + found.error().message;
  return found;
}

Awaitable<Result<Credentials>> FileCredentials::get() {
  std::vector<Stamp> now = stamps();
  if (!known_ || now != stamps_) {
    ++reads_;
    // Stamped before it is read: what changes meanwhile is read again.
    stamps_ = std::move(now);
    known_ = read();
  }
  co_return *known_;
}

// Also where no stamp tells: a file system with coarse times.
void FileCredentials::on_refused(const Credentials& refused) {
  if (known_ && *known_ && **known_ == refused) known_.reset();
}

}  // namespace casim::ec2
