// SPDX-License-Identifier: MIT
// Whether the components that a file keeps of a Pareto set (contract uniform) can be those of the game.
#pragma once
#include "verify/fine_tuning_claims.hpp"

namespace haggle {

/// In units of the most money that anybody has in any deal: what everyone concerned would gain, at least, from leaving
/// a share well within a component, or, at least, somebody loses wherever in the set one goes from a deal outside of
/// it. Up to 1e-6 of that is none, 0. Infinite where the numbers are no set of shares, or empty though there is a deal.
///
/// Nothing is said, 0, where the file keeps no components, or in single precision, or the search would cost more than
/// `effort` equilibria. Stretches shorter than 1e-3 within a component, that another share betters, are let
/// pass, and such as are shorter than 1e-6 outside.
double pareto_set_off(const oracle::GeneralGame& game, const KeptColumns& kept, std::size_t effort);

}  // namespace haggle
