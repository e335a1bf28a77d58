// SPDX-License-Identifier: MIT
#include <array>
#include <utility>

#include "haggle/model/fine_tuning.hpp"
#include "haggle/model/power_law.hpp"
#include "haggle/model/table.hpp"
#include "table_fit.hpp"

namespace haggle {
namespace {

/// The power-law game's own table and kernel wherever they can hold the spec: they are faster.
std::shared_ptr<const GameTable> fine_tuning_table(const Outline& outline) {
  if (!outline.find("pareto") && fits(power_law::table, outline))
    return {std::shared_ptr<const GameTable>(), &power_law::table};
  return fine_tuning::make_table(outline);
}

/// Of a spec that asks for all that one may ask for and says nothing of its players.
const GameTable& fine_tuning_guide() {
  static const std::shared_ptr<const GameTable> table = [] {
    Outline pareto;
    pareto.key = "pareto";
    Outline outline;
    outline.entries.push_back(std::move(pareto));
    return fine_tuning::make_table(outline);
  }();
  return *table;
}

std::span<const GameEntry> house() {
  static const std::array<GameEntry, 1> all_games{{{"fine_tuning", &fine_tuning_guide(), fine_tuning_table}}};
  return all_games;
}

}  // namespace

std::span<const GameEntry> games() { return house(); }

const GameEntry* find_game(std::string_view name) {
  for (const GameEntry& game : house())
    if (game.name == name) return &game;
  return nullptr;
}

}  // namespace haggle
