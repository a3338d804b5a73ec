// Keys in files that somebody else writes, and may write anew at any time: AWS's shared credentials
// file, or a mounted secret with one file per key. Looked at before each call, read again when they
// have changed or EC2 refused what they held.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/ec2/credentials/credentials.h"

namespace casim::ec2 {

// Of the section [profile]; UNAUTHENTICATED: it is not there, or lacks a key.
Result<Credentials> parse_credentials_file(std::string_view text, std::string_view profile);

class FileCredentials final : public CredentialSource {
 public:
  // A file: AWS's credentials file, of which `profile` is taken. A folder: the files
  // aws_access_key_id, aws_secret_access_key and, for temporary ones, aws_session_token, as
  // Kubernetes mounts a Secret. `is_optional`: where it is not there the next source is asked.
  FileCredentials(std::filesystem::path path, std::string profile, bool is_optional);

  Awaitable<Result<Credentials>> get() override;
  void on_refused(const Credentials& refused) override;
  std::string name() const override;

  // Times that the files were read.
  std::uint64_t reads() const { return reads_; }

 private:
  // What tells whether a file is another one now.
  struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t file = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  // ns
    bool operator==(const Stamp&) const = default;
  };

  std::vector<std::filesystem::path> files() const;
  std::vector<Stamp> stamps() const;
  Result<Credentials> read() const;

  std::filesystem::path path_;
  std::string profile_;
  bool is_optional_;
  std::optional<Result<Credentials>> known_;
  std::vector<Stamp> stamps_;  // of what is known
  std::uint64_t reads_ = 0;
};

}  // namespace casim::ec2
