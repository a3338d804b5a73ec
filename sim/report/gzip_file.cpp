#include "sim/report/gzip_file.h"

namespace casim::sim {

GzipFile::GzipFile(const std::filesystem::path& path) : std::ostream(nullptr), buffer_(path) {
  rdbuf(&buffer_);
  if (!buffer_.is_open()) setstate(std::ios::failbit);
}

bool GzipFile::close() {
  if (!buffer_.close()) setstate(std::ios::badbit);
  return good();
}

GzipFile::Buffer::Buffer(const std::filesystem::path& path) : file_(gzopen(path.c_str(), "wb")) {
  setp(text_.data(), text_.data() + text_.size());
}

GzipFile::Buffer::~Buffer() { close(); }

bool GzipFile::Buffer::close() {
  if (file_ == nullptr) return true;
  const bool drained = drain();
  const bool closed = gzclose(file_) == Z_OK;
  file_ = nullptr;
  return drained && closed;
}

GzipFile::Buffer::int_type GzipFile::Buffer::overflow(int_type c) {
  if (file_ == nullptr || !drain()) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

int GzipFile::Buffer::sync() { return file_ != nullptr && drain() ? 0 : -1; }

bool GzipFile::Buffer::drain() {
  const auto size = static_cast<unsigned>(pptr() - pbase());
  if (size > 0 && gzwrite(file_, pbase(), size) != static_cast<int>(size)) return false;
  setp(text_.data(), text_.data() + text_.size());
  return true;
}

}  // namespace casim::sim
