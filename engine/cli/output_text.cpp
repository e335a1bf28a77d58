// SPDX-License-Identifier: MIT
#include "cli/output_text.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/text.hpp"

namespace haggle::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_rows = 100;

std::string entry_text(const InnerDimension& dimension, std::size_t entry) {
  return dimension.labels.empty() ? std::to_string(entry) : std::string(dimension.labels[entry]);
}

/// A place as one entry a dimension.
std::vector<std::string> entries(const GameTable& game, const Output& output, std::size_t place) {
  std::vector<std::string> texts(output.dimensions.size());
  for (std::size_t d = texts.size(); d-- > 0;) {
    const InnerDimension& dimension = game.dimensions[output.dimensions[d]];
    texts[d] = entry_text(dimension, place % dimension.size);
    place /= dimension.size;
  }
  return texts;
}

std::string value_text(const Output& output, double x) {
  const std::string name = code_name(output, x);
  return name.empty() ? number(x) : name;
}

/// JSON has no NaN; nlohmann writes null, which is what "no value" means here.
ordered_json value_json(const Output& output, double x) {
  if (output.codes.empty() || std::isnan(x)) return x;
  return code_name(output, x);
}

/// `dimensions`: those that are left; `values` moves on.
ordered_json nested(const GameTable& game, const Output& output, std::span<const std::size_t> dimensions,
                    const double*& values) {
  if (dimensions.empty()) return value_json(output, *values++);
  const InnerDimension& dimension = game.dimensions[dimensions.front()];
  ordered_json json = dimension.labels.empty() ? ordered_json::array() : ordered_json::object();
  for (std::size_t i = 0; i < dimension.size; ++i) {
    ordered_json inner = nested(game, output, dimensions.subspan(1), values);
    if (dimension.labels.empty())
      json.push_back(std::move(inner));
    else
      json[std::string(dimension.labels[i])] = std::move(inner);
  }
  return json;
}

/// Of outputs, given by their rows, that have the same inner dimensions.
std::string table_text(const SolvedGame& solved, const std::vector<std::size_t>& rows) {
  const GameTable& game = *solved.game;
  const Output& first = game.outputs[rows.front()];
  const std::size_t places = game.width(rows.front());
  Table table;
  std::vector<std::string> head;
  for (const std::size_t d : first.dimensions) head.emplace_back(game.dimensions[d].name);
  for (const std::size_t o : rows) head.push_back(std::string(game.outputs[o].name) + unit_text(game.outputs[o].unit));
  table.add(head);
  for (std::size_t place = 0; place < std::min(places, most_rows); ++place) {
    std::vector<std::string> line = entries(game, first, place);
    for (const std::size_t o : rows)
      line.push_back(value_text(game.outputs[o], solved.outputs[game.first_column(o) + place]));
    table.add(line);
  }
  const std::string more =
      places > most_rows ? "  and " + grouped(places - most_rows) + " more rows; --json has all\n" : "";
  return "\n" + table.text() + more;
}

}  // namespace

std::string place_text(const GameTable& game, const Output& output, std::size_t place) {
  std::string text;
  for (const std::string& entry : entries(game, output, place)) text += (text.empty() ? "[" : ", ") + entry;
  return text.empty() ? text : text + "]";
}

std::string name_at(const GameTable& game, std::size_t output, std::size_t place) {
  return std::string(game.outputs[output].name) + place_text(game, game.outputs[output], place);
}

std::string outputs_text(const SolvedGame& solved) {
  const GameTable& game = *solved.game;
  Table single;
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t o : solved.rows) {
    const Output& output = game.outputs[o];
    if (o == 0) continue;
    if (output.dimensions.empty()) {
      single.add({std::string(output.name), value_text(output, solved.outputs[game.first_column(o)]),
                  std::string(output.long_name) + unit_text(output.unit)});
      continue;
    }
    const auto alike = [&](const std::vector<std::size_t>& group) {
      return std::ranges::equal(game.outputs[group.front()].dimensions, output.dimensions);
    };
    const auto found = std::find_if(groups.begin(), groups.end(), alike);
    if (found == groups.end())
      groups.push_back({o});
    else
      found->push_back(o);
  }
  std::string text = single.text();
  for (const auto& group : groups) text += table_text(solved, group);
  return text;
}

ordered_json outputs_json(const SolvedGame& solved) {
  ordered_json json = ordered_json::object();
  const GameTable& game = *solved.game;
  for (const std::size_t o : solved.rows) {
    if (o == 0) continue;
    const double* values = solved.outputs.data() + game.first_column(o);
    json[std::string(game.outputs[o].name)] = nested(game, game.outputs[o], game.outputs[o].dimensions, values);
  }
  return json;
}

}  // namespace haggle::cli
