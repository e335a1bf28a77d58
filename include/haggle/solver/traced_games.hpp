// SPDX-License-Identifier: MIT
// The games of a block for the fast path (traced_block.hpp): read a game a lane, handed to one way of solving them
// after the other, and written out where they are done.
#pragma once
#include "haggle/core/rough.hpp"
#include "haggle/solver/first_best.hpp"
#include "haggle/solver/share_polish.hpp"
#include "haggle/solver/traced_outcome.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TracedGames {
 public:
  using Mask = mask_t<Real>;
  using Quick = Rough<Real>;
  static constexpr std::size_t lanes = lanes_v<Real>, tile = 4096;  // enough for the slower ways to fill their lanes
  static constexpr bool has_swift = !std::is_void_v<Swift<Real>>;
  using Swiftest = std::conditional_t<has_swift, Swift<Real>, Quick>;

  TracedGames(const Form& form, const double* const* parameters, double* const* outputs)
      : form_(form), in_(parameters), play_(form), quick_(form), swift_(form), outcome_(form, parameters, outputs) {}

 protected:
  /// Solves n games of the group from `first` on; those left over become the first of them, and their number is
  /// returned. `path` may want to know which games there are.
  template <class Path>
  std::size_t settle(std::size_t first, std::size_t n, Path path) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < n; i += lanes) {
      const std::size_t count = n - i < lanes ? n - i : lanes;
      std::size_t* const games = group_ + first;
      read(games + i, count);
      if constexpr (std::is_invocable_v<Path, const std::size_t*, std::size_t>)
        left += write(games + i, count, games + left, path(games + i, count));
      else
        left += write(games + i, count, games + left, path());
    }
    return left;
  }

  /// As settle(), twice as many at a time: `path` finds nearly what `finish(part)`, which it hands on, makes exact.
  template <class Path>
  std::size_t settle_swiftly(std::size_t first, std::size_t n, Path path) {
    constexpr std::size_t swift_lanes = lanes_v<Swiftest>;
    std::size_t* const games = group_ + first;
    std::size_t left = 0;
    for (std::size_t i = 0; i < n; i += swift_lanes) {
      const std::size_t several = n - i < swift_lanes ? n - i : swift_lanes;
      read_into(swift_, games + i, several);
      path(games + i, several, [&](auto finish) {
        for (std::size_t done = 0; done < several; done += lanes) {
          const std::size_t count = several - done < lanes ? several - done : lanes;
          read_into(play_, games + i + done, count);
          if (outcome_.wants_first_best()) read_into(quick_, games + i + done, count);
          left += write(games + i + done, count, games + left, finish(done / lanes));
        }
      });
    }
    return left;
  }

  /// Puts games of which is(games, count), a lane each, is true last in the group; how many are not such.
  template <class Any, class Is>
  std::size_t last_where(std::size_t n, Is is) {
    std::size_t such[tile], count = 0, others = 0;
    for (std::size_t i = 0; i < n; i += lanes_v<Any>) {
      const std::size_t here = n - i < lanes_v<Any> ? n - i : lanes_v<Any>;
      double is_such[lanes_v<Any>];
      RealTraits<Any>::store(select(is(group_ + i, here), Any(1.0), Any(0.0)), is_such);
      for (std::size_t lane = 0; lane < here; ++lane) {
        const std::size_t game = group_[i + lane];
        (is_such[lane] != 0 ? such[count++] : group_[others++]) = game;
      }
    }
    for (std::size_t i = 0; i < count; ++i) group_[others + i] = such[i];
    return others;
  }
  /// Those whose first specialist's first bit of adaptation costs something.
  std::size_t riders_last(std::size_t n) {
    return last_where<Quick>(n, [&](const std::size_t* games, std::size_t count) {
      const Function<Quick>& cost = quick_.specialists.front().cost;
      return first_cost<Quick>(form_.specialists.front().cost, cost, games, count) > Quick(0.0);
    });
  }

  /// The marginal cost of a first bit of investment in the `count` games at `games`.
  template <class Any>
  Any first_cost(const FunctionForm& where, Function<Quick> cost, const std::size_t* games, std::size_t count) const {
    double each[lanes_v<Any>];
    for (std::size_t i = 0; i < lanes_v<Any>; i += lanes) {
      // Lanes beyond the last game show it once more, as column() has it.
      const std::size_t first = i < count ? i : count - 1, here = count - first < lanes ? count - first : lanes;
      for (std::size_t number = 0; number < where.count; ++number)
        cost.numbers[number] = column<Quick>(where.first + number, games + first, here);
      RealTraits<Quick>::store(first_marginal_cost(cost), each + i);
    }
    return RealTraits<Any>::load(each);
  }

  template <class Any>
  void read_into(Play<Any>& play, const std::size_t* where, std::size_t count) const {
    play.read(form_, [&](std::size_t c) { return column<Any>(c, where, count); });
  }

  bool wants_first_best() const { return outcome_.wants_first_best(); }
  Mask keep(const EquilibriumTrace<Real>& t, Real share, Mask done) { return outcome_.keep(t, share, done); }

  const Form& form_;
  const double* const* in_;
  Play<Real> play_;
  Play<Quick> quick_;
  Play<Swiftest> swift_;
  /// Of the games that a path settles, those without a deal, and those in which all have nothing, jointly too.
  Mask refused_ = Real(1.0) < Real(0.0), barren_ = refused_;
  std::size_t group_[tile + 1];

 private:
  /// Writes what is done of the `count` games at `games`, puts the others at `left` and gives back their number.
  std::size_t write(const std::size_t* games, std::size_t count, std::size_t* left, Mask done) {
    double is_done[lanes], is_refused[lanes];
    RealTraits<Real>::store(select(complete(done), Real(1.0), Real(0.0)), is_done);
    RealTraits<Real>::store(select(refused_, Real(1.0), Real(0.0)), is_refused);
    refused_ = barren_ = Real(1.0) < Real(0.0);
    std::size_t others = 0;
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::size_t game = games[lane];
      if (is_done[lane] != 0)
        outcome_.write(is_refused[lane] != 0 ? Status::no_deal : Status::solved, game, lane);
      else
        left[others++] = game;
    }
    return others;
  }

  /// What else is asked of games that are done.
  Mask complete(Mask done) {
    if (!outcome_.wants_first_best() || !any(done)) return done;
    const FirstBest<Real> best = first_best(quick_, play_);
    outcome_.keep_first_best(select(barren_, Real(0.0), best.surplus));
    return done & (best.found | barren_);
  }

  /// A column of the games at `where`; the last of them in lanes beyond `count`.
  template <class Any>
  Any column(std::size_t c, const std::size_t* where, std::size_t count) const {
    bool in_a_row = count == lanes_v<Any>;
    for (std::size_t lane = 1; lane < count; ++lane) in_a_row = in_a_row & (where[lane] == where[0] + lane);
    if (in_a_row) return RealTraits<Any>::load(in_[c] + where[0]);
    double values[lanes_v<Any>];
    for (std::size_t lane = 0; lane < lanes_v<Any>; ++lane)
      values[lane] = in_[c][where[lane < count ? lane : count - 1]];
    return RealTraits<Any>::load(values);
  }
  void read(const std::size_t* where, std::size_t count) {
    read_into(play_, where, count);
    read_into(quick_, where, count);
  }

  TracedOutcome<Real> outcome_;
};

}  // namespace haggle::fine_tuning
