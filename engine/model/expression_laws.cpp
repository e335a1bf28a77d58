// SPDX-License-Identifier: MIT
#include "expression_laws.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace haggle::fine_tuning {
namespace {

constexpr int lowest_decade = -9, highest_decade = 6, points_a_decade = 20;
/// Roundings of a value, and of the parts that it is made of where they cancel.
constexpr double rounding = 1e-9, cancellation = 1e-12;

constexpr double beside_0 = 1e-300;  ///< stands for 0 where the text has no value there, as x ln(1 + 1/x)

struct Sample {
  double at;
  Jet<double> jet;
};

std::string shown(double x) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), x, std::chars_format::general, 6);
  return {text.data(), end};
}

bool finite(double x) { return x - x == 0; }

class LawKeeper {
 public:
  LawKeeper(const Formula& formula, const double* numbers, bool cost)
      : formula_(formula), numbers_(numbers), what_(cost ? "cost" : "revenue"), cost_(cost) {
    for (int i = lowest_decade * points_a_decade; i <= highest_decade * points_a_decade; ++i) {
      const double at = std::pow(10.0, static_cast<double>(i) / points_a_decade);
      samples_.push_back({at, formula.at(numbers, at)});
    }
    while (samples_.back().at > 1 && samples_.back().jet.value == std::numeric_limits<double>::infinity())
      samples_.pop_back();
    for (const Sample& s : samples_)
      if (s.at <= 1 || size_ == 0) size_ = std::max(size_, std::fabs(s.jet.value));
  }

  std::optional<std::string> find_flaw() const {
    for (const Sample& s : samples_)
      if (!finite(s.jet.value)) return what_ + " is not finite at " + where(s.at);
    const double start = finite(formula_.at(numbers_, 0.0).value) ? 0 : beside_0;
    if (const double value = formula_.at(numbers_, start).value; !(std::fabs(value) <= cancellation * size_))
      return what_ + " is " + shown(value) + " at " + where(start) + ", not 0" +
             (cost_ ? "; what taking part costs is `fixed`" : "");
    for (std::size_t i = 1; i < samples_.size(); ++i)
      if (falls(samples_[i - 1], samples_[i]))
        return what_ + " falls, from " + shown(samples_[i - 1].jet.value) + " at " + where(samples_[i - 1].at) +
               " to " + shown(samples_[i].jet.value) + " at " + shown(samples_[i].at);
    return std::nullopt;
  }

 private:
  std::string where(double at) const { return std::string(formula_.variable()) + " " + shown(at); }

  bool falls(const Sample& a, const Sample& b) const {
    const double drop = a.jet.value - b.jet.value;
    const double noise = rounding * std::max(std::fabs(a.jet.value), std::fabs(b.jet.value)) + cancellation * size_;
    return drop > noise && (a.jet.slope < 0 || b.jet.slope < 0);
  }

  const Formula& formula_;
  const double* numbers_;
  std::string what_;
  bool cost_;
  std::vector<Sample> samples_;
  double size_ = 0;  ///< largest value up to 1, or, where that is 0, the first beyond that is not
};

}  // namespace

std::optional<std::string> find_flaw(const Formula& formula, const double* numbers, bool cost) {
  return LawKeeper(formula, numbers, cost).find_flaw();
}

}  // namespace haggle::fine_tuning
