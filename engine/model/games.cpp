// SPDX-License-Identifier: MIT
#include <array>

#include "haggle/model/power_law.hpp"
#include "haggle/model/table.hpp"

namespace haggle {
namespace {

std::shared_ptr<const GameTable> power_law_table(const Outline&) {
  return {std::shared_ptr<const GameTable>(), &power_law::table};
}

const std::array<GameEntry, 1> all{{{"fine_tuning", &power_law::table, power_law_table}}};

}  // namespace

std::span<const GameEntry> games() { return all; }

const GameEntry* find_game(std::string_view name) {
  for (const GameEntry& game : all)
    if (game.name == name) return &game;
  return nullptr;
}

}  // namespace haggle
