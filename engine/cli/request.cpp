// SPDX-License-Identifier: MIT
#include "cli/request.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "cli/text.hpp"
#include "haggle/core/error.hpp"

namespace haggle::cli {
namespace {

template <class T>
std::optional<T> parsed(std::string_view text) {
  T value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The index in [begin, end) whose value is nearest to `x`. Spaced segments may be long, but they are monotone.
std::uint64_t nearest_in_spaced(const Axis& axis, std::uint64_t begin, std::uint64_t end, double x) {
  const bool rising = axis.value(begin) <= axis.value(end - 1);
  std::uint64_t low = begin, high = end - 1;  // the answer is `low` or the one before it
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const double at_middle = axis.value(middle);
    if (rising ? at_middle < x : at_middle > x)
      low = middle + 1;
    else
      high = middle;
  }
  const bool earlier = low > begin && std::abs(axis.value(low - 1) - x) <= std::abs(axis.value(low) - x);
  return earlier ? low - 1 : low;
}

std::uint64_t nearest(const Axis& axis, double x) {
  std::uint64_t best = 0, begin = 0;
  const auto consider = [&](std::uint64_t i) {
    if (std::abs(axis.value(i) - x) < std::abs(axis.value(best) - x)) best = i;
  };
  for (const auto& segment : axis.segments) {
    if (const auto* spaced = std::get_if<Spaced>(&segment)) {
      consider(nearest_in_spaced(axis, begin, begin + spaced->n, x));
      begin += spaced->n;
    } else {
      const std::uint64_t end = begin + std::get<std::vector<double>>(segment).size();
      while (begin < end) consider(begin++);
    }
  }
  return best;
}

std::pair<double, double> ends(const Axis& axis) {
  double low = axis.value(0), high = low;
  std::uint64_t begin = 0;
  const auto widen = [&](double x) { low = std::min(low, x), high = std::max(high, x); };
  for (const auto& segment : axis.segments) {
    if (const auto* spaced = std::get_if<Spaced>(&segment)) {
      widen(axis.value(begin));
      widen(axis.value(begin + spaced->n - 1));
      begin += spaced->n;
    } else {
      for (const double x : std::get<std::vector<double>>(segment)) widen(x);
      begin += std::get<std::vector<double>>(segment).size();
    }
  }
  return {low, high};
}

std::uint64_t index_along(const Axis& axis, const std::string& wanted) {
  if (!axis.labels.empty()) {
    const auto found = std::find(axis.labels.begin(), axis.labels.end(), wanted);
    if (found == axis.labels.end())
      throw UsageError("--at " + axis.name + "=" + wanted + ": there are " + range_text(axis));
    return static_cast<std::uint64_t>(found - axis.labels.begin());
  }
  const auto x = parsed<double>(wanted);
  if (!x || !std::isfinite(*x)) throw UsageError("--at " + axis.name + "=" + wanted + ": not a number");
  const auto [low, high] = ends(axis);
  const double slack = 1e-9 * std::max(std::abs(low), std::abs(high));  // for a number copied from rounded output
  if (*x < low - slack || *x > high + slack)
    throw UsageError("--at " + axis.name + "=" + wanted + ": outside the axis, " + range_text(axis) + "; --set " +
                     axis.name + "=" + wanted + " solves off the grid");
  return nearest(axis, *x);
}

std::uint64_t index_along(const Plan& plan, const Dimension& dimension, const Override& at) {
  if (at.value.starts_with('#')) {
    const auto index = parsed<std::uint64_t>(std::string_view(at.value).substr(1));
    if (!index || *index >= dimension.size)
      throw UsageError("--at " + at.path + "=" + at.value + ": the indices are #0 … #" +
                       std::to_string(dimension.size - 1));
    return *index;
  }
  for (const std::size_t a : dimension.axes)
    if (plan.axes[a].name == at.path) return index_along(plan.axes[a], at.value);
  if (dimension.axes.size() == 1) return index_along(plan.axes[dimension.axes.front()], at.value);
  throw UsageError("--at " + at.path + "=" + at.value + ": several axes are zipped into " + dimension.name +
                   "; give #index, or name one of the axes");
}

bool goes_by(const Plan& plan, const Dimension& dimension, const std::string& name) {
  return dimension.name == name || std::any_of(dimension.axes.begin(), dimension.axes.end(),
                                               [&](std::size_t a) { return plan.axes[a].name == name; });
}

}  // namespace

Override split_assignment(const std::string& text, std::string_view flag) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw UsageError(std::string(flag) + " " + text + ": expected name=value");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<Override> overrides_of(const std::vector<std::string>& set) {
  std::vector<Override> overrides;
  for (const auto& text : set) overrides.push_back(split_assignment(text, "--set"));
  return overrides;
}

std::vector<std::uint64_t> place(const Plan& plan, const std::vector<std::string>& at) {
  if (at.size() == 1)
    if (const auto number = parsed<std::uint64_t>(at.front())) {
      if (*number >= plan.grid.points())
        throw UsageError("--at " + at.front() + ": the games are 0 … " + std::to_string(plan.grid.points() - 1));
      return plan.grid.coordinates(GridIndex{*number});
    }
  std::vector<std::optional<std::uint64_t>> found(plan.dimensions.size());
  for (const auto& text : at) {
    const Override wanted = split_assignment(text, "--at");
    const auto dimension = std::find_if(plan.dimensions.begin(), plan.dimensions.end(),
                                        [&](const Dimension& d) { return goes_by(plan, d, wanted.path); });
    if (dimension == plan.dimensions.end()) throw UsageError("--at " + text + ": the spec has no axis of that name");
    auto& slot = found[static_cast<std::size_t>(dimension - plan.dimensions.begin())];
    if (slot) throw UsageError("--at " + text + ": " + dimension->name + " is given twice");
    slot = index_along(plan, *dimension, wanted);
  }
  std::string left;
  std::vector<std::uint64_t> coordinates;
  for (std::size_t d = 0; d < found.size(); ++d) {
    if (!found[d] && plan.dimensions[d].size > 1) {
      left += "\n  --at " + plan.dimensions[d].name + "=…";
      for (const std::size_t a : plan.dimensions[d].axes)
        left += "  (" + (plan.dimensions[d].axes.size() > 1 ? plan.axes[a].name + ": " : "") +
                range_text(plan.axes[a]) + ")";
    }
    coordinates.push_back(found[d].value_or(0));
  }
  if (!left.empty())
    throw UsageError("the spec is a sweep, and `solve` solves one game; say where, by value or by #index:" + left);
  return coordinates;
}

double parse_time_limit(const std::string& text) {
  if (text.empty()) return 0;
  double seconds = 0;
  if (const auto number = parsed<double>(text)) {
    seconds = *number;
  } else {
    int colons = 0;
    for (std::size_t begin = 0; begin <= text.size(); ++colons) {
      const std::size_t end = std::min(text.find(':', begin), text.size());
      const auto part = parsed<unsigned>(std::string_view(text).substr(begin, end - begin));
      if (!part || colons > 2) throw UsageError("--time-limit " + text + ": expected seconds or HH:MM:SS");
      if (colons > 0 && *part >= 60)
        throw UsageError("--time-limit " + text + ": minutes and seconds in HH:MM:SS are 00 … 59");
      seconds = 60 * seconds + *part;
      begin = end + 1;
    }
    if (colons != 3) throw UsageError("--time-limit " + text + ": expected seconds or HH:MM:SS");
  }
  constexpr double shortest = 0.001, longest = 1e8;  // an alarm counts microseconds; three years
  if (!(seconds >= shortest)) throw UsageError("--time-limit " + text + ": must be at least 0.001 seconds");
  if (seconds > longest)
    throw UsageError("--time-limit " + text + ": must be at most 1e8 seconds; leave it out to run without a limit");
  return seconds;
}

std::string shell_line(const std::vector<std::string>& words) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  std::string line;
  for (const std::string& word : words) {
    line += line.empty() ? "" : " ";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

std::string value_text(const Axis& axis, std::uint64_t i) {
  return axis.labels.empty() ? number(axis.value(i)) : axis.labels[i];
}

std::string range_text(const Axis& axis) {
  const std::uint64_t n = axis.size();
  constexpr std::uint64_t listed = 8;
  const bool spaced = std::any_of(axis.segments.begin(), axis.segments.end(),
                                  [](const auto& s) { return std::holds_alternative<Spaced>(s); });
  if (n <= listed && (!spaced || n <= 2)) {
    std::string text = value_text(axis, 0);
    for (std::uint64_t i = 1; i < n; ++i) text += ", " + value_text(axis, i);
    return text;
  }
  return value_text(axis, 0) + " … " + value_text(axis, n - 1) + (axis.geometric() ? ", geometric" : "");
}

}  // namespace haggle::cli
