// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace haggle {

/// What became of one game. Non-convergence is a result, not an exception. The values are part of the file format.
enum class Status : std::int8_t {
  pending = 0,        ///< not solved yet
  solved = 1,         ///< the global equilibrium; every output holds
  excluded = 2,       ///< outside the spec's `where`
  no_deal = 3,        ///< no share that may be agreed leaves all who are needed their outside options
  unbounded = 4,      ///< revenue grows as fast as a cost (elasticity >= its exponent), or investment costs nothing: no
                      ///< best investment, or (at equality and a high cost) none that is solved for
  out_of_domain = 5,  ///< a derived parameter is not finite or outside its domain, `where` is undefined, or an
                      ///< expression is no revenue or cost: not finite, not 0 at 0, or falling
  not_converged = 6,  ///< the solver could not certify an equilibrium
  overflow = 7,       ///< the equilibrium is bounded, but its numbers exceed what a double holds, about 1e308
};

struct StatusMeaning {
  Status status;
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array<StatusMeaning, 8> status_meanings{{
    {Status::pending, "pending", "not solved yet"},
    {Status::solved, "solved", "global equilibrium found"},
    {Status::excluded, "excluded", "outside the spec's `where`"},
    {Status::no_deal, "no_deal",
     "no share that may be agreed leaves all who are needed at or above their outside options"},
    {Status::unbounded, "unbounded",
     "revenue grows as fast as a cost (elasticity >= its exponent), or investment costs nothing: it has no bound"},
    {Status::out_of_domain, "out_of_domain",
     "a derived parameter is outside its domain, an expression is no revenue or cost, or `where` is undefined"},
    {Status::not_converged, "not_converged", "the solver could not certify an equilibrium"},
    {Status::overflow, "overflow", "the equilibrium's numbers exceed 1e308"},
}};

/// A failed game has no equilibrium to report; `haggle run` exits with 3 when there is one. No deal is not a failure.
constexpr bool is_failure(Status status) {
  return status == Status::unbounded || status == Status::out_of_domain || status == Status::not_converged ||
         status == Status::overflow;
}

}  // namespace haggle
