// SPDX-License-Identifier: MIT
#include "cli/text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "haggle/core/error.hpp"

namespace haggle::cli {
namespace {

std::string formatted(const char* format, double x) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, x);
  return buffer.data();
}

std::size_t width(std::string_view text) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

/// Returns 0 or the errno of the write that failed.
int write_all(int stream, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(stream, text.data(), text.size());
    if (n > 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (n < 0 && errno != EINTR)
      return errno;
  }
  return 0;
}

}  // namespace

std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string number(double x) { return formatted("%.10g", x); }

std::string bytes(double n) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  for (; n >= 999.5 && unit + 1 < units.size(); ++unit) n /= 1000;
  return formatted(unit == 0 || n >= 99.95 ? "%.0f " : "%.1f ", n) + units[unit];
}

std::string duration(double s) {
  if (!(s < 1e18)) return "for ever";
  if (s < 1) return formatted("%.3g ms", s * 1e3);
  if (s < 59.95) return formatted("%.1f s", s);
  const double whole = std::round(s);
  if (whole < 3600) return formatted("%.0f min ", std::floor(whole / 60)) + formatted("%.0f s", std::fmod(whole, 60));
  if (whole < 86400)
    return formatted("%.0f h ", std::floor(whole / 3600)) +
           formatted("%.0f min", std::floor(std::fmod(whole, 3600) / 60));
  if (whole < 365.25 * 86400) return formatted("%.1f days", whole / 86400);
  return formatted("%.3g years", whole / (365.25 * 86400));
}

std::string rate(double r) {
  if (r >= 999.5e3) return formatted("%.3g million games/s", r / 1e6);
  if (r >= 999.5) return formatted("%.3g thousand games/s", r / 1e3);
  return formatted("%.3g games/s", r);
}

std::string plural(std::uint64_t n, std::string_view noun) {
  return grouped(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

std::string Table::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t c = 0; c < row.size(); ++c) line += row[c] + std::string(widths[c] - width(row[c]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

void guard_standard_streams() {
  for (int stream = 0; stream <= 2; ++stream)
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) ::open("/dev/null", stream == 0 ? O_RDONLY : O_WRONLY);
}

void print(std::string_view text) {
  const int failure = write_all(STDOUT_FILENO, text);
  if (failure != 0 && failure != EPIPE) throw IoError(std::string("standard output: ") + std::strerror(failure));
}

void complain(std::string_view text) { static_cast<void>(write_all(STDERR_FILENO, text)); }

}  // namespace haggle::cli
