// SPDX-License-Identifier: MIT
#include <array>

#include "haggle/model/fine_tuning.hpp"
#include "haggle/model/power_law.hpp"
#include "haggle/model/table.hpp"
#include "table_fit.hpp"

namespace haggle {
namespace {

/// The power-law game's own table and kernel wherever they can hold the spec: they are faster.
std::shared_ptr<const GameTable> fine_tuning_table(const Outline& outline) {
  if (fits(power_law::table, outline)) return {std::shared_ptr<const GameTable>(), &power_law::table};
  return fine_tuning::make_table(outline);
}

const std::array<GameEntry, 1> house{{{"fine_tuning", &power_law::table, fine_tuning_table}}};

}  // namespace

std::span<const GameEntry> games() { return house; }

const GameEntry* find_game(std::string_view name) {
  for (const GameEntry& game : house)
    if (game.name == name) return &game;
  return nullptr;
}

}  // namespace haggle
