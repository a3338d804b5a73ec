// A file that is compressed as it is written. The same text gives the same bytes: the header holds
// neither a time nor a name.
#pragma once

#include <array>
#include <filesystem>
#include <ostream>
#include <streambuf>

#include <zlib.h>

namespace casim::sim {

// A stream whose errors show when it is closed.
class GzipFile final : public std::ostream {
 public:
  explicit GzipFile(const std::filesystem::path& path);

  bool close();  // false: something could not be written

 private:
  class Buffer final : public std::streambuf {
   public:
    explicit Buffer(const std::filesystem::path& path);
    ~Buffer() override;

    bool is_open() const { return file_ != nullptr; }

    bool close();

   private:
    int_type overflow(int_type c) override;
    int sync() override;
    bool drain();

    gzFile file_;
    std::array<char, 1 << 16> text_;
  };

  Buffer buffer_;
};

}  // namespace casim::sim
