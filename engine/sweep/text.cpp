// SPDX-License-Identifier: MIT
#include "text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace haggle::spec {
namespace {

bool is_control(unsigned char c) { return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes of the UTF-8 character at `at`, 0 when there is no valid one (RFC 3629: no overlong forms, no surrogates).
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned c = byte(0);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return follows(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    const bool overlong = c == 0xE0 && byte(1) < 0xA0, surrogate = c == 0xED && byte(1) >= 0xA0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const bool overlong = c == 0xF0 && byte(1) < 0x90, beyond = c == 0xF4 && byte(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

std::string quote_short(std::string_view text) {
  return "`" + std::string(text.substr(0, 40)) + (text.size() > 40 ? "…`" : "`");
}

}  // namespace

std::optional<std::size_t> find_unreadable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text, at);
    if (length == 0 || is_control(static_cast<unsigned char>(text[at]))) return at;
    at += length;
  }
  return std::nullopt;
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return is_control(static_cast<unsigned char>(c)); });
}

std::variant<double, std::string> read_number(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::string_view unsigned_part = digits;
  if (unsigned_part.starts_with('-') && digits.size() == text.size()) unsigned_part.remove_prefix(1);
  // from_chars alone would also take "inf" and "nan".
  if (unsigned_part.empty() || !(is_digit(unsigned_part[0]) || unsigned_part[0] == '.')) {
    std::string low(unsigned_part);
    std::transform(low.begin(), low.end(), low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    if (low == "nan" || low == "inf" || low == "infinity") return "must be finite, not " + quote_short(text);
    return "must be a number, not " + quote_short(text);
  }
  if (unsigned_part == ".nan" || unsigned_part == ".NaN" || unsigned_part == ".NAN" || unsigned_part == ".inf" ||
      unsigned_part == ".Inf" || unsigned_part == ".INF")
    return "must be finite, not " + quote_short(text);
  double x = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), x);
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size())
    return "must be a number, not " + quote_short(text);
  if (error == std::errc::result_out_of_range) return quote_short(text) + " is outside the range of a double";
  return x;
}

std::string write_number(double x) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x);
  return {buffer.data(), end};
}

std::string write_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + '"';
}

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

std::string describe(const Domain& domain) {
  const bool low = std::isfinite(domain.low), high = std::isfinite(domain.high);
  if (low && high)
    return std::string("in ") + (domain.low_open ? "(" : "[") + write_number(domain.low) + ", " +
           write_number(domain.high) + (domain.high_open ? ")" : "]");
  if (low) return (domain.low_open ? "> " : ">= ") + write_number(domain.low);
  if (high) return (domain.high_open ? "< " : "<= ") + write_number(domain.high);
  return "finite";
}

std::string fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // offset basis and prime: RFC 9923, section 5
  for (char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  std::string hex(16, '0');
  for (std::size_t i = 16; i-- > 0; hash >>= 4) hex[i] = "0123456789abcdef"[hash & 15];
  return hex;
}

}  // namespace haggle::spec
