// SPDX-License-Identifier: MIT
#include "spec_outline.hpp"

#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr std::size_t short_list = 3;  ///< [first, last, n]

class Outliner {
 public:
  Outline of(std::string_view key, const Node& node) {
    Outline outline{key, node.text};
    for (const Entry& entry : node.entries)
      outline.entries.push_back(entry.shared ? lent(entry) : of(entry.key, entry.value));
    if (const auto ends = smallest_and_largest(node.items)) {
      for (const Node* end : {ends->first, ends->second}) outline.items.push_back(of("", *end));
    } else {
      for (const Node& item : node.items) outline.items.push_back(of("", item));
    }
    return outline;
  }

 private:
  using Ends = std::pair<const Node*, const Node*>;

  /// What many items share is looked at once.
  const Outline& lent(const Entry& entry) {
    const auto [known, fresh] = lent_.try_emplace(entry.shared);
    if (fresh) {
      Outline outline = of(entry.key, *entry.shared);
      return lent_[entry.shared] = std::move(outline);
    }
    return known->second;
  }

  static std::optional<Ends> smallest_and_largest(const std::vector<Node>& items) {
    if (items.size() <= short_list) return std::nullopt;
    Ends ends{&items.front(), &items.front()};
    double low = 0, high = 0;
    for (const Node& item : items) {
      if (item.kind != Node::Kind::scalar) return std::nullopt;
      const auto read = read_number(item.text);
      const double* x = std::get_if<double>(&read);
      if (!x) return std::nullopt;
      if (&item == &items.front()) low = high = *x;
      if (*x < low) low = *x, ends.first = &item;
      if (*x > high) high = *x, ends.second = &item;
    }
    return ends;
  }

  std::unordered_map<const Node*, Outline> lent_;
};

}  // namespace

Outline outline_of(const Node& root) { return Outliner().of("", root); }

}  // namespace haggle::spec
