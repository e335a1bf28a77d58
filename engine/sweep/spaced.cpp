// SPDX-License-Identifier: MIT
// The points of linspace and geomspace. `0.1 + 0.2` is not `0.3` in doubles, and a person who writes [-0.3, 0.1, 5]
// means decimals; so the ends are taken for the decimals that they were written as.
#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <string_view>

#include "haggle/sweep/axis.hpp"

namespace haggle {
namespace {

__extension__ typedef __int128 Whole;
__extension__ typedef unsigned __int128 Natural;

using Text = std::array<char, 40>;

/// The shortest decimal that reads as x: d.ddde±dd.
std::string_view shortest(double x, Text& text) {
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), x, std::chars_format::scientific);
  return {text.data(), end};
}

/// ± digits · 10^exponent
struct Decimal {
  Whole digits = 0;
  int exponent = 0;
};

Decimal decimal_of(double x) {
  Text text;
  const std::string_view all = shortest(std::fabs(x), text);
  const std::size_t e = all.find('e');
  Decimal decimal;
  std::from_chars(all.data() + e + (all[e + 1] == '+' ? 2 : 1), all.data() + all.size(), decimal.exponent);
  for (const char c : all.substr(0, e)) {
    if (c == '.') continue;
    decimal.digits = 10 * decimal.digits + (c - '0');
  }
  if (e > 1) decimal.exponent -= static_cast<int>(e) - 2;  // the digits after the point
  if (x < 0) decimal.digits = -decimal.digits;
  return decimal;
}

/// x · 10^power, which may be as large as `most`.
bool scale(Whole& x, int power, Whole most) {
  for (; power > 0; --power) {
    if (x > most / 10 || x < -most / 10) return false;
    x *= 10;
  }
  return x <= most && x >= -most;
}

/// The double nearest to a/b, ties to even; b < 2^126. Bit by bit, for the few quotients that need it.
double nearest_quotient_slowly(Natural a, Natural b) {
  constexpr Natural enough = Natural{1} << 60, top = Natural{1} << 62;
  Natural quotient = a / b, rest = a % b;
  int exponent = 0;
  bool inexact = false;
  for (; quotient < enough; --exponent) {
    rest *= 2;
    quotient *= 2;
    if (rest < b) continue;
    rest -= b;
    ++quotient;
  }
  for (; quotient >= top; ++exponent) {
    inexact = inexact || (quotient & 1) != 0;
    quotient /= 2;
  }
  auto bits = static_cast<std::uint64_t>(quotient);
  if (inexact || rest != 0) bits |= 1;  // far below the last place of a double: all that it can do is break a tie
  return std::ldexp(static_cast<double>(bits), exponent);
}

/// What x rounds to if it is known to one part in 1/error; `sure` says whether it is known well enough.
double rounded(long double x, long double error, bool& sure) {
  const auto low = static_cast<double>(x - x * error), high = static_cast<double>(x + x * error);
  sure = low == high;
  return low;
}

double nearest_quotient(Natural a, Natural b) {
  constexpr long double error = 2 * std::numeric_limits<long double>::epsilon();  // three roundings of half of it
  if (a == 0) return 0;
  bool sure = false;
  const double x = rounded(static_cast<long double>(a) / static_cast<long double>(b), error, sure);
  return sure ? x : nearest_quotient_slowly(a, b);
}

/// The double that x means, if x is a decimal of 15 digits or fewer to within `error`.
double snapped(long double x, long double error) {
  Text text;
  const int length = std::snprintf(text.data(), text.size(), "%.14Le", x);
  // Of which a locale may change the point.
  std::replace(text.data(), text.data() + length, ',', '.');
  long double decimal = 0;
  std::from_chars(text.data(), text.data() + length, decimal);
  if (!(std::fabs(decimal - x) <= error * x)) return static_cast<double>(x);
  double value = 0;
  std::from_chars(text.data(), text.data() + length, value);
  return value;
}

/// 2^x for |x| <= 2: a table for its first bits and a Taylor series for the rest. Twice as fast as the C library's.
long double power_of_two(long double x) {
  constexpr int pieces = 64;
  static const auto table = [] {
    std::array<long double, 4 * pieces + 1> powers{};
    for (int i = 0; i <= 4 * pieces; ++i)
      powers[static_cast<std::size_t>(i)] = std::exp2(static_cast<long double>(i - 2 * pieces) / pieces);
    return powers;
  }();
  const auto nearest = static_cast<std::ptrdiff_t>(pieces * x + (x < 0 ? -0.5L : 0.5L));
  const long double r = (x - static_cast<long double>(nearest) / pieces) * std::numbers::ln2_v<long double>;
  long double series = 0;  // 2^r - 1; what is left out is below 2e-23
  for (const long double inverse_factorial : {1 / 5040.0L, 1 / 720.0L, 1 / 120.0L, 1 / 24.0L, 1 / 6.0L, 1 / 2.0L, 1.0L})
    series = (series + inverse_factorial) * r;
  const long double base = table[static_cast<std::size_t>(nearest + 2 * pieces)];
  return base + base * series;
}

/// x · 2^exponent
long double shifted(long double x, int exponent) {
  if (std::abs(exponent) > 1000) return std::ldexp(x, exponent);
  return x * std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

long double read_long(double x) {
  Text text;
  const std::string_view digits = shortest(x, text);
  long double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

/// The i-th point is (a·(n-1-i) + b·i) / divisor, in whole numbers.
struct Spaced::Linear {
  Whole a = 0, b = 0;
  Natural divisor = 1;
};

/// The i-th point is first · 2^((whole + part)·i/(n-1)). In long double, whose functions, unlike those of double, the C
/// library does not pick by processor: shards on unlike nodes must agree on every bit.
struct Spaced::Geometric {
  long double first = 1;
  int whole = 0;
  long double part = 0;  ///< |part| <= 1/2
};

Spaced::Spaced(double first_, double last_, std::uint64_t n_, bool geometric_wanted)
    : first(first_), last(last_), n(n_), geometric(geometric_wanted) {
  if (n < 3) return;  // the ends are all
  if (geometric) {
    Geometric g;
    g.first = read_long(std::fabs(first));
    int e0 = 0, e1 = 0;
    const long double ratio = std::frexp(read_long(std::fabs(last)), &e1) / std::frexp(g.first, &e0);
    g.whole = e1 - e0;
    g.part = std::log2(ratio);
    const long double shift = std::round(g.part);
    g.whole += static_cast<int>(shift);
    g.part = std::log2(std::ldexp(ratio, -static_cast<int>(shift)));
    geometric_ = std::make_shared<const Geometric>(g);
    return;
  }
  const Decimal a = decimal_of(first), b = decimal_of(last);
  const int exponent = std::min({a.exponent, b.exponent, 0});
  const Whole most = (Whole{1} << 126) / static_cast<Whole>(n - 1);
  Linear l{a.digits, b.digits, 1};
  Whole power = 1;
  if (!scale(l.a, a.exponent - exponent, most) || !scale(l.b, b.exponent - exponent, most) ||
      !scale(power, -exponent, most))
    return;
  l.divisor = static_cast<Natural>(power) * (n - 1);
  linear_ = std::make_shared<const Linear>(l);
}

double Spaced::value(std::uint64_t i) const {
  if (i == 0) return first;
  if (i + 1 == n) return last;
  const std::uint64_t steps = n - 1;
  if (linear_) {
    const Whole sum = linear_->a * static_cast<Whole>(steps - i) + linear_->b * static_cast<Whole>(i);
    return sum < 0 ? -nearest_quotient(static_cast<Natural>(-sum), linear_->divisor)
                   : nearest_quotient(static_cast<Natural>(sum), linear_->divisor);
  }
  const auto [low, high] = std::minmax(first, last);
  if (geometric_) {
    // The power's own last place, the product's, and what the logarithm's and the exponent's become: with room to
    // spare.
    constexpr long double error = 8 * std::numeric_limits<long double>::epsilon();
    const Whole turns = static_cast<Whole>(geometric_->whole) * static_cast<Whole>(i);
    const auto exponent = static_cast<int>(turns / static_cast<Whole>(steps));
    const auto left = static_cast<long double>(turns % static_cast<Whole>(steps));
    const long double fraction =
        (left + geometric_->part * static_cast<long double>(i)) / static_cast<long double>(steps);
    const long double size = shifted(geometric_->first * power_of_two(fraction), exponent);
    bool sure = false;
    double x = rounded(size, error, sure);
    if (!sure) x = snapped(size, error);
    return std::clamp(std::copysign(x, first), low, high);
  }
  // Ends of more digits than whole numbers hold, such as 1e-300 and 1. In long double, whose range and spare bits leave
  // one rounding to feel.
  const auto before = static_cast<long double>(steps - i), after = static_cast<long double>(i);
  return std::clamp(static_cast<double>((first * before + last * after) / static_cast<long double>(steps)), low, high);
}

}  // namespace haggle
