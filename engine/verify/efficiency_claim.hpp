// SPDX-License-Identifier: MIT
// Whether a deal that a file calls Pareto efficient, or not, can be so.
#pragma once
#include "verify/fine_tuning_claims.hpp"

namespace haggle {

/// In units of the most money that anybody has in any deal: what everyone concerned would gain, at least, from leaving
/// a deal that is called efficient, or what somebody would lose, at least, by any leaving of one that is not. Up to
/// 1e-6 of that is none, 0. Infinite where the code is none that a deal may have.
///
/// Contract per_domain: of a deal called efficient what somebody gains where nobody loses, in units of its own money;
/// up to 1e-4 of that is none, for where nobody loses more than rounding somebody may gain the root of it.
///
/// Nothing is said, 0, where the file does not keep the deal (its share; per_domain: its utilities, too) in double
/// precision, where the search would cost more than `effort` equilibria, of stretches of shares shorter than 1e-3, and,
/// per_domain, of deals that are not called efficient.
double efficiency_off(const oracle::GeneralGame& game, const KeptColumns& kept, std::size_t effort);

}  // namespace haggle
