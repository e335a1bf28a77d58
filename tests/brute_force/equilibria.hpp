// SPDX-License-Identifier: MIT
// The engine's subgame-perfect equilibria of one game, share by share, in the terms of the slow reference.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "fine_tuning_games.hpp"
#include "haggle/solver/spe.hpp"

namespace haggle::test {

/// The equilibrium at one share for all domains.
struct Look {
  double logit = 0;  ///< ln(δ/(1-δ)); infinite: a corner
  oracle::general::Outcome outcome{};
  fine_tuning::Base base{};  ///< what keeps the generalist's investment where it is
  std::size_t holder = 0;    ///< the specialist that does, where `base` names one
};

class Equilibria {
 public:
  explicit Equilibria(const GeneralGame& game);
  Equilibria(const Equilibria&) = delete;
  Equilibria& operator=(const Equilibria&) = delete;

  /// Status::pending: the engine takes the game up. Otherwise what is wrong with it.
  Status status() const { return status_; }
  Look at(double logit);
  /// How many shares were looked at.
  std::size_t count() const { return count_; }

 private:
  std::shared_ptr<const fine_tuning::Table> table_;
  fine_tuning::Play<double> play_;
  fine_tuning::SpeSolver solver_;
  Status status_;
  std::size_t count_ = 0;
};

}  // namespace haggle::test
