// SPDX-License-Identifier: MIT
#include "expression_laws.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "haggle/model/families.hpp"
#include "watched.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr int lowest_decade = -9, highest_decade = 6, points_a_decade = 20;
constexpr std::size_t points = (highest_decade - lowest_decade) * points_a_decade + 1;
/// Roundings of a value, and of the parts that it is made of where they cancel.
constexpr double rounding = 1e-9, cancellation = 1e-12;

constexpr double beside_0 = 1e-300;  ///< stands for 0 where the text has no value there, as x ln(1 + 1/x)

std::string shown(double x) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), x, std::chars_format::general, 6);
  return {text.data(), end};
}

bool finite(double x) { return x - x == 0; }

const std::array<double, points>& grid() {
  static const std::array<double, points> all = [] {
    std::array<double, points> at{};
    for (std::size_t i = 0; i < points; ++i)
      at[i] = std::pow(10.0, (static_cast<double>(i) + lowest_decade * points_a_decade) / points_a_decade);
    return at;
  }();
  return all;
}

class LawKeeper {
 public:
  LawKeeper(const Formula& formula, const double* numbers, bool cost)
      : formula_(formula), what_(cost ? "cost" : "revenue"), cost_(cost) {
    for (std::size_t i = 0; i < formula.names().size(); ++i) {
      numbers_[i] = Watched<double>(numbers[i]);
      long_numbers_[i] = Watched<long double>(numbers[i]);
    }
    for (std::size_t i = 0; i < points; ++i) samples_[i] = value_at(grid()[i]);
    while (grid()[count_ - 1] > 1 && samples_[count_ - 1].value == std::numeric_limits<double>::infinity()) --count_;
    for (std::size_t i = 0; i < count_; ++i)
      if (grid()[i] <= 1 || size_ == 0) size_ = std::max(size_, std::fabs(samples_[i].value));
  }

  std::optional<std::string> find_flaw() const {
    for (std::size_t i = 0; i < count_; ++i)
      if (!finite(samples_[i].value)) return what_ + " is not finite at " + where(grid()[i]);
    const double start = finite(value_at(0).value) ? 0 : beside_0;
    if (const double value = value_at(start).value; !(std::fabs(value) <= cancellation * size_))
      return what_ + " is " + shown(value) + " at " + where(start) + ", not 0" +
             (cost_ ? "; what taking part costs is `fixed`" : "");
    for (std::size_t i = 1; i < count_; ++i) {
      if (const auto at = find_break(i)) return what_ + " has a pole or a jump at " + where(*at);
      if (falls(i))
        return what_ + " falls, from " + shown(samples_[i - 1].value) + " at " + where(grid()[i - 1]) + " to " +
               shown(samples_[i].value) + " at " + shown(grid()[i]);
    }
    return std::nullopt;
  }

 private:
  std::string where(double at) const { return std::string(formula_.variable()) + " " + shown(at); }

  Watched<double> value_at(double x) const { return formula_.at(numbers_.data(), Watched<double>(x)).value; }
  Watched<long double> long_value_at(double x) const {
    return formula_.at(long_numbers_.data(), Watched<long double>(x)).value;
  }

  /// Between that sample and the one before. Slopes do not tell: past a pole they are as positive as before it. Nor
  /// does the drop's size, where large parts cancel: but what is mere rounding all but vanishes in long double.
  bool falls(std::size_t i) const {
    const double a = samples_[i - 1].value, b = samples_[i].value, drop = a - b;
    if (drop <= rounding * std::max(std::fabs(a), std::fabs(b)) + cancellation * size_) return false;
    return long_value_at(grid()[i - 1]).value - long_value_at(grid()[i]).value > drop / 16;
  }

  /// Where, between that sample and the one before, a divisor passes 0 and takes the value with it, however briefly. It
  /// need not, as in (x^2 - 9)/(x - 3).
  std::optional<double> find_break(std::size_t i) const {
    const unsigned before = samples_[i - 1].negative_divisors;
    if (samples_[i].negative_divisors == before) return std::nullopt;
    double low = grid()[i - 1], high = grid()[i];
    for (double middle = low + (high - low) / 2; middle > low && middle < high; middle = low + (high - low) / 2)
      (value_at(middle).negative_divisors == before ? low : high) = middle;
    // Nearer than that, rounded constants make a pole of what has none, as in (ln(x) - ln(3))/(x - 3).
    const long double a = long_value_at(low - cancellation * low).value;
    const long double b = long_value_at(high + cancellation * high).value;
    const bool continuous = std::fabs(a - b) <= std::max(std::fabs(a), std::fabs(b)) / 16;
    return continuous ? std::nullopt : std::optional(high);
  }

  const Formula& formula_;
  std::array<Watched<double>, most_numbers> numbers_;
  std::array<Watched<long double>, most_numbers> long_numbers_;
  std::string what_;
  bool cost_;
  std::array<Watched<double>, points> samples_;
  std::size_t count_ = points;  ///< of the samples, before those that overflow
  double size_ = 0;             ///< largest value up to 1, or, where that is 0, the first beyond that is not
};

}  // namespace

std::optional<std::string> find_flaw(const Formula& formula, const double* numbers, bool cost) {
  return LawKeeper(formula, numbers, cost).find_flaw();
}

}  // namespace haggle::fine_tuning
