// SPDX-License-Identifier: MIT
#include "cli/disk_probe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

namespace haggle::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece = std::size_t{1} << 20;
constexpr std::size_t fewest = 4, most = 128;  // pieces
constexpr double wanted_seconds = 0.4;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// A file without a name; where the file system has no such thing, one whose name is taken away at once.
int nameless_file(const std::string& folder) {
#if defined(O_TMPFILE)
  if (const int file = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600); file >= 0) return file;
#endif
  std::string name = folder + "/.haggle-XXXXXX";
  const int file = ::mkstemp(name.data());
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

class Probe {
 public:
  explicit Probe(const std::string& folder) : file_(nameless_file(folder)), bytes_(piece) {
    std::mt19937_64 random;  // nothing that a clever disk could shrink
    std::generate(bytes_.begin(), bytes_.end(), [&] { return static_cast<char>(random()); });
  }
  ~Probe() {
    if (file_ >= 0) ::close(file_);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  std::optional<DiskSpeed> write(std::size_t pieces) {
    if (file_ < 0) return std::nullopt;
    const auto start = Clock::now();
    for (std::size_t i = 0; i < pieces; ++i)
      if (::write(file_, bytes_.data(), piece) != static_cast<ssize_t>(piece)) return std::nullopt;
    const double copied = seconds_since(start);
    if (::fsync(file_) != 0) return std::nullopt;
    const auto bytes = static_cast<double>(pieces * piece);
    return DiskSpeed{bytes / copied, bytes / seconds_since(start)};
  }

 private:
  int file_;
  std::vector<char> bytes_;
};

}  // namespace

std::optional<DiskSpeed> probe_disk(const std::string& folder) {
  Probe probe(folder);
  const auto first = probe.write(fewest);
  if (!first) return std::nullopt;
  const double pieces = first->writing * wanted_seconds / static_cast<double>(piece);
  if (pieces < fewest) return first;
  return probe.write(static_cast<std::size_t>(std::min(pieces, double{most})));
}

}  // namespace haggle::cli
