// SPDX-License-Identifier: MIT
#include <array>

#include "haggle/model/power_law.hpp"
#include "haggle/model/table.hpp"

namespace haggle {
namespace {
constexpr std::array<const GameTable*, 1> all{&power_law::table};
}

std::span<const GameTable* const> games() { return all; }

const GameTable* find_game(std::string_view name) {
  for (const GameTable* game : all)
    if (game->name == name) return game;
  return nullptr;
}

}  // namespace haggle
