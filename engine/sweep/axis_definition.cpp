// SPDX-License-Identifier: MIT
#include "axis_definition.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "spec_schema.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr double most_points = 9007199254740992;  // 2^53: beyond it an index is no longer a double

class DefinitionReader {
 public:
  DefinitionReader(std::span<const std::string_view> choices, std::string_view label, Diagnostics& diagnostics)
      : choices_(choices), label_(label), diagnostics_(diagnostics) {}

  AxisDefinition read(const Node& map) {
    out_.place = map.place;
    out_.sound = true;
    piece(map, true);
    double points = 0;
    for (const auto& segment : out_.segments) {
      const auto* spaced = std::get_if<Spaced>(&segment);
      points += spaced ? static_cast<double>(spaced->n)
                       : static_cast<double>(out_.places[&segment - out_.segments.data()].size());
    }
    if (points > most_points) fail(map.place, "an axis has at most 2^53 values");
    return std::move(out_);
  }

 private:
  void fail(Place place, std::string message) {
    diagnostics_.add(place, std::move(message));
    out_.sound = false;
  }

  /// One of values, linspace, geomspace and, at the top, concat.
  void piece(const Node& map, bool top) {
    const Entry* chosen = nullptr;
    for (const Entry& entry : map.entries) {
      if (!is_axis_definition(entry.key)) continue;
      if (chosen) {
        fail(entry.place, "an axis has one of values, linspace, geomspace, concat; here are " + quoted(chosen->key) +
                              " and " + quoted(entry.key));
        return;
      }
      chosen = &entry;
    }
    if (chosen->key == "concat") {
      if (top) return concat(chosen->value);
      return fail(chosen->place, "`concat` cannot stand inside `concat`");
    }
    if (chosen->key == "values") return values(chosen->value, "values");
    spaced(chosen->value, chosen->key == "geomspace");
  }

  void concat(const Node& list) {
    if (list.kind != Node::Kind::list || list.items.empty())
      return fail(list.place, "`concat` must be a list of pieces, as in [{linspace: [0, 1, 11]}, [2, 5]]");
    for (const Node& item : list.items) {
      if (item.kind == Node::Kind::list) {
        values(item, "a piece of `concat`");
      } else if (item.kind == Node::Kind::map && has_one_definition(item)) {
        piece(item, false);
      } else {
        fail(item.place, "a piece of `concat` must be a list of values, or a map with values, linspace or geomspace");
      }
    }
  }

  bool has_one_definition(const Node& map) {
    return !map.entries.empty() && std::all_of(map.entries.begin(), map.entries.end(),
                                               [](const Entry& entry) { return is_axis_definition(entry.key); });
  }

  void values(const Node& list, std::string_view what) {
    const std::string name = what == "values" ? "`values`" : std::string(what);
    if (list.kind != Node::Kind::list) return fail(list.place, name + " must be a list, as in [1, 2, 5]");
    if (list.items.empty()) return fail(list.place, name + " is empty");
    std::vector<double> numbers;
    std::vector<Place> places;
    for (const Node& item : list.items)
      if (const auto x = choices_.empty() ? number(item, "a value of an axis") : choice(item)) {
        numbers.push_back(*x);
        places.push_back(item.place);
      }
    out_.segments.emplace_back(std::move(numbers));
    out_.places.push_back(std::move(places));
  }

  void spaced(const Node& list, bool geometric) {
    const std::string name = geometric ? "`geomspace`" : "`linspace`";
    if (!choices_.empty())
      return fail(list.place, std::string(label_) + " takes words, not numbers; give them as values: [" +
                                  std::string(choices_.front()) + ", …]");
    if (list.kind != Node::Kind::list || list.items.size() != 3)
      return fail(list.place, name + " must be [first, last, n]");
    const auto first = number(list.items[0], name + "'s first");
    const auto last = number(list.items[1], name + "'s last");
    const auto n = number(list.items[2], name + "'s n");
    if (!first || !last || !n) return;
    if (!(*n >= 1) || *n != std::floor(*n) || *n > most_points)
      return fail(list.items[2].place, name + "'s n = " + list.items[2].text + " must be a whole number, 1 … 2^53");
    if (geometric && (*first == 0 || *last == 0))
      return fail(list.items[*first == 0 ? 0 : 1].place,
                  "`geomspace` cannot reach 0; its ends are points, not exponents");
    if (geometric && (*first < 0) != (*last < 0)) return fail(list.place, "`geomspace` cannot cross 0");
    if (*n == 1 && *first != *last) return fail(list.items[2].place, name + " from one number to another needs n >= 2");
    if (*n > 1 && !advances(*first, *last, *n, geometric))
      return fail(list.place, name + " from " + list.items[0].text + " to " + list.items[1].text + " has no " +
                                  list.items[2].text + " different numbers");
    out_.segments.emplace_back(Spaced{*first, *last, static_cast<std::uint64_t>(*n), geometric});
    out_.places.push_back({list.items[0].place, list.items[1].place});
  }

  /// Neighbours differ by more than the rounding of a value: two units in the last place for lerp's two roundings,
  /// eight for the logarithm, the power and what a logarithm's own rounding becomes in the exponent.
  static bool advances(double first, double last, double n, bool geometric) {
    constexpr double eps = std::numeric_limits<double>::epsilon();
    if (!geometric) {
      const double step = std::fabs(last / (n - 1) - first / (n - 1));
      return step >= 2 * eps * std::max(std::fabs(first), std::fabs(last)) && step > 0;
    }
    const double low = std::fabs(std::log(std::fabs(first))), high = std::fabs(std::log(std::fabs(last)));
    const double step = std::fabs(std::log(std::fabs(last)) - std::log(std::fabs(first))) / (n - 1);
    return step >= 8 * eps * std::max({1.0, low, high});
  }

  std::optional<double> number(const Node& item, const std::string& what) {
    if (item.kind != Node::Kind::scalar || item.quoted) {
      fail(item.place, what + " must be a number" + (item.quoted ? "; take away the quotes" : ""));
      return std::nullopt;
    }
    const auto read = read_number(item.text);
    if (const auto* reason = std::get_if<std::string>(&read)) {
      fail(item.place, what + " " + *reason);
      return std::nullopt;
    }
    return std::get<double>(read);
  }

  std::optional<double> choice(const Node& item) {
    if (item.kind == Node::Kind::scalar) {
      const auto found = std::find(choices_.begin(), choices_.end(), item.text);
      if (found != choices_.end()) {
        out_.labels.push_back(item.text);
        return static_cast<double>(found - choices_.begin());
      }
    }
    fail(item.place, std::string(label_) + " cannot be " +
                         (item.kind == Node::Kind::scalar ? quoted(item.text) : "a list or a map") +
                         did_you_mean(item.text, choices_) + " (one of " + listed(choices_) + ")");
    return std::nullopt;
  }

  std::span<const std::string_view> choices_;
  std::string_view label_;
  Diagnostics& diagnostics_;
  AxisDefinition out_;
};

}  // namespace

bool same_values(const AxisDefinition& a, const AxisDefinition& b) {
  const auto same = [](const Axis::Segment& x, const Axis::Segment& y) {
    if (x.index() != y.index()) return false;
    if (const auto* values = std::get_if<std::vector<double>>(&x)) return *values == std::get<std::vector<double>>(y);
    const auto &p = std::get<Spaced>(x), &q = std::get<Spaced>(y);
    return p.first == q.first && p.last == q.last && p.n == q.n && p.geometric == q.geometric;
  };
  return a.labels == b.labels &&
         std::equal(a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(), same);
}

AxisDefinition read_axis_definition(const Node& map, std::span<const std::string_view> choices, std::string_view label,
                                    Diagnostics& diagnostics) {
  return DefinitionReader(choices, label, diagnostics).read(map);
}

void check_domain(const AxisDefinition& axis, const Parameter& parameter, Diagnostics& diagnostics) {
  for (std::size_t s = 0; s < axis.segments.size(); ++s) {
    std::vector<double> numbers;
    if (const auto* spaced = std::get_if<Spaced>(&axis.segments[s]))
      numbers = {spaced->first, spaced->last};  // a domain is an interval: what lies between its members is in it
    else
      numbers = std::get<std::vector<double>>(axis.segments[s]);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (!parameter.domain.contains(numbers[i]))
        diagnostics.add(axis.places[s][i], std::string(last_key(parameter.path)) + " = " + write_number(numbers[i]) +
                                               " must be " + describe(parameter.domain));
  }
}

}  // namespace haggle::spec
