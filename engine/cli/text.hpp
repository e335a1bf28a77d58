// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace haggle::cli {

/// 40602004 → "40,602,004"
std::string grouped(std::uint64_t n);
/// Up to ten significant digits: 0.5, 1e-13, nan.
std::string number(double x);
/// Bytes in powers of 1000: "12.3 MB".
std::string bytes(double n);
/// "0.4 ms", "3.2 s", "4 min 10 s", "3 h 5 min", "12 days", "3e+05 years"
std::string duration(double seconds);
/// Games per second: "5.21 million games/s"
std::string rate(double games_per_second);
/// "1 game", "2 games"
std::string plural(std::uint64_t n, std::string_view noun);

/// Rows of text in columns padded to equal width; UTF-8 letters of one cell each count as one.
class Table {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  /// Each row indented by `indent` spaces, without trailing blanks, ending in a newline.
  std::string text(std::size_t indent = 2) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Opens /dev/null in place of a standard stream that was handed over closed: the next file opened would otherwise take
/// its number, and a message would be written into a result.
void guard_standard_streams();
/// To standard output, at once. A reader that went away is harmless; any other failure is an IoError.
void print(std::string_view text);
/// To standard error, at once; failures are ignored, there is nobody to tell.
void complain(std::string_view text);

}  // namespace haggle::cli
