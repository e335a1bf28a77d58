// SPDX-License-Identifier: MIT
// Where revenue is convex a specialist's utility has several local maxima: its reply is the best of them at every base
// performance, never falls as the base rises, and jumps where the engine says that it does.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "fine_tuning_play.hpp"
#include "haggle/solver/spe.hpp"
#include "solver/marginal_rise.hpp"
#include "solver/reply.hpp"

using namespace haggle;
using namespace haggle::test;

namespace {

/// One specialist with Hill revenue, steep or hardly S-shaped; cost powers on both sides of 2, with a linear part or
/// not.
GeneralGame s_shaped_game(Random& random) {
  GeneralGame game = smooth_game(random, 1);
  GeneralSpecialist& s = game.specialists.front();
  const bool steep = random.uniform(0, 1) < 0.7, beyond = random.uniform(0, 1) < 0.5;
  const double scale = random.log_uniform(0.1, 10), reference = random.log_uniform(0.05, 20);
  const double steepness = steep ? random.uniform(1.2, 6) : 1 + random.log_uniform(1e-3, 1);
  // Of 2 the third derivative vanishes where revenue begins.
  s.revenue = {Family::hill, {scale, reference, random.uniform(0, 1) < 0.2 ? 2 : steepness}};
  const double exponent = random.uniform(0, 1) < 0.2 ? 2
                          : beyond                   ? random.uniform(1.05, 7)
                                                     : 1 + random.log_uniform(1e-3, 1);
  const double linear = random.uniform(0, 1) < 0.4 ? 0 : random.log_uniform(1e-3, 1) * scale / reference;
  s.cost = {Family::power, {linear, random.log_uniform(1e-3, 30) * scale / std::pow(reference, exponent), exponent}};
  return game;
}

/// The specialist of a game, and its replies.
struct Replies {
  explicit Replies(const GeneralGame& game) : table(table_of(game)), play(table->form) {
    const std::vector<double> row = row_of(*table, game);
    play.read(table->form, [&](std::size_t column) { return row[column]; });
    replier.start(play.specialists.front());
  }

  std::shared_ptr<const fine_tuning::Table> table;
  fine_tuning::Play<double> play;
  const fine_tuning::Specialist<double>& specialist = play.specialists.front();
  fine_tuning::Replier replier;
};

}  // namespace

TEST_CASE("no investment pays an S-shaped specialist more than its reply") {
  Random random(20);
  int with_jumps = 0;
  for (std::size_t k = 0; k < effort(100); ++k) {
    const GeneralGame game = s_shaped_game(random);
    CAPTURE(text(game));
    Replies replies(game);
    const fine_tuning::Specialist<double>& s = replies.specialist;
    fine_tuning::Replier& replier = replies.replier;
    for (int share = 0; share < 4; ++share) {
      const double rest = fine_tuning::share_at_logit(random.uniform(-6, 6)).specialist;
      replier.at_share(rest);
      double before = 0;
      for (double part = 0.02; part < 1.2; part += 0.06) {
        const double base = part * replier.convex_until();
        CAPTURE(base);
        const fine_tuning::Reply reply = replier(base);
        double best = rest * s.revenue(base).value;
        for (double u = -60; u < 40; u += 0.02) {
          const double x = std::exp(u);
          best = std::max(best, rest * s.revenue(base + x).value - s.cost(x).value);
        }
        CHECK(reply.utility >= best - 1e-12 * (std::abs(best) + rest * reply.revenue));
        CHECK(reply.performance >= before * (1 - 1e-12));
        before = reply.performance;
      }
      for (const fine_tuning::Replier::Jump& jump : replier.jumps()) {
        if (!(jump.base > 1e-100 && jump.base < replier.convex_until() * (1 - 1e-9))) continue;
        CAPTURE(jump.base);
        const fine_tuning::Reply low = replier(std::nextafter(jump.base, 0)), high = replier(jump.base);
        CHECK(high.utility == doctest::Approx(low.utility).epsilon(1e-9).scale(rest * high.revenue));
        with_jumps += high.performance > 1.01 * low.performance;
      }
    }
  }
  CAPTURE(with_jumps);
  CHECK(is_met(static_cast<std::size_t>(with_jumps), 15));
}

TEST_CASE("where a contribution begins with a jump no better one is jumped over") {
  GeneralGame game;
  game.cost = {Family::power, {0, 1, 2}};
  game.fixed_shares = {0.5};
  struct Case {
    GeneralFunction revenue, cost;
    double rest, least, most;
  };
  for (const Case& c : {Case{{Family::hill, {0.383023061381219, 6.7488472800018373, 3.6693164103971858}},
                             {Family::power, {3.2899242445384092e-09, 0.0016482742168433069, 2.2260536242878999}},
                             0.4995256123621864,
                             0.005,
                             0.8},
                        Case{{Family::hill, {0.96398847289538192, 0.27083012539967677, 34.707378802702074}},
                             {Family::power, {1.7140712384821569e-09, 5.9252883754917045, 2.1986492709685015}},
                             0.5,
                             0.01,
                             0.4}}) {
    game.specialists = {{c.revenue, c.cost, 0, 0, 1}};
    Replies replies(game);
    replies.replier.at_share(c.rest);
    for (double base = c.least; base < c.most; base *= 1.01) {
      CAPTURE(base);
      const fine_tuning::Reply reply = replies.replier(base);
      double best = c.rest * replies.specialist.revenue(base).value;
      for (double u = -40; u < 5; u += 0.01) {
        const double x = std::exp(u);
        best = std::max(best, c.rest * replies.specialist.revenue(base + x).value - replies.specialist.cost(x).value);
      }
      CHECK(reply.utility >= best - 1e-12 * (std::abs(best) + c.rest * reply.revenue));
    }
  }
}

TEST_CASE("no investment pays a specialist whose revenue is all but a step more than its reply") {
  Random random(22);
  for (std::size_t k = 0; k < effort(100); ++k) {
    GeneralGame game = smooth_game(random, 1);
    GeneralSpecialist& side = game.specialists.front();
    side.revenue = {Family::hill, {1, 1, random.uniform(40, 120)}};
    side.cost = {Family::power, {0, random.log_uniform(0.05, 20), random.uniform(1.02, 1.25)}};
    CAPTURE(text(game));
    Replies replies(game);
    const fine_tuning::Specialist<double>& s = replies.specialist;
    fine_tuning::Replier& replier = replies.replier;
    const double rest = fine_tuning::share_at_logit(random.uniform(-4, 4)).specialist;
    replier.at_share(rest);
    for (double base = 0.01; base < 1.2; base += 0.03) {
      CAPTURE(base);
      const double utility = replier(base).utility;
      double best = rest * s.revenue(base).value;
      for (double x = 1e-4; x < 1.3; x += 1e-3)
        best = std::max(best, rest * s.revenue(base + x).value - s.cost(x).value);
      CHECK(utility >= best - 1e-12 * rest);
    }
  }
}

namespace {

/// How often it was told how steeply what a specialist brings rises, and how often closely over more than two decades.
struct Told {
  std::size_t times = 0, wide = 0;
};

/// What a specialist brings to marginal revenue, between two base performances.
void check_rise(const fine_tuning::Replier& replier, double base, double until, Told& told) {
  CAPTURE(base);
  CAPTURE(until);
  const auto between = [&](double a) { return a > base && a <= until; };
  bool breaks = between(replier.contributes_from()) || between(replier.contributes_until());
  for (const fine_tuning::Replier::Jump& jump : replier.jumps()) breaks = breaks || between(jump.base);
  if (breaks) return;
  const fine_tuning::Reply first = replier(base), last = replier(until);
  const fine_tuning::Interval rise = fine_tuning::marginal_rise(replier, first, last, base, until);
  if (!(rise.high - rise.low < 1e300)) return;
  ++told.times;
  told.wide += rise.high - rise.low < 1 && until > 100 * base;
  double before = first.slope * first.by_base, at = base;
  for (int i = 1; i <= 30; ++i) {
    const double a = base * std::exp(std::log(until / base) * i / 30);
    const fine_tuning::Reply reply = replier(a);
    const double now = reply.slope * reply.by_base, step = std::log(a / at), rises = std::log(now / before);
    CHECK(rises >= rise.low * step - 1e-7);
    CHECK(rises <= rise.high * step + 1e-7);
    before = now, at = a;
  }
}

}  // namespace

TEST_CASE("what a specialist brings to marginal revenue rises as steeply as its ends say, wherever they say it") {
  Random random(21);
  Told told;
  for (std::size_t k = 0; k < effort(400); ++k) {
    const GeneralGame game = s_shaped_game(random);
    CAPTURE(text(game));
    Replies replies(game);
    for (int trial = 0; trial < 20; ++trial) {
      replies.replier.at_share(fine_tuning::share_at_logit(random.uniform(-8, 8)).specialist);
      const double until = replies.replier.convex_until() * std::exp(-random.log_uniform(1e-3, 40));
      check_rise(replies.replier, until * std::exp(-random.log_uniform(1e-2, 200)), until, told);
    }
  }
  CAPTURE(told.times);
  CAPTURE(told.wide);
  CHECK(is_met(told.times, 2000));
  CHECK(is_met(told.wide, 200));
}

TEST_CASE("likewise what one whose revenue is concave brings, of every family") {
  Random random(23);
  Told told;
  for (std::size_t k = 0; k < effort(400); ++k) {
    const GeneralGame game = k % 4 > 0 ? nasty_game(random, {1, false, false}) : s_shaped_game(random);
    CAPTURE(text(game));
    Replies replies(game);
    for (int trial = 0; trial < 20; ++trial) {
      replies.replier.at_share(fine_tuning::share_at_logit(random.uniform(-8, 8)).specialist);
      const double from = std::max(replies.replier.convex_until(), 0.0);
      if (!(from < 1e100)) continue;
      const double base = from + random.log_uniform(1e-12, 10);
      check_rise(replies.replier, base, base * std::exp(random.log_uniform(1e-2, 20)), told);
    }
  }
  CAPTURE(told.times);
  CAPTURE(told.wide);
  CHECK(is_met(told.times, 2000));
  CHECK(is_met(told.wide, 200));
}

// Where such revenue begins its third derivative is nothing, which is no lack of digits.
TEST_CASE("of a Hill exponent of 2 the best reply is found, too") {
  GeneralGame game;
  game.fixed_shares = {0.5};
  struct Case {
    double scale, reference, cost, power, rest, base, investment;
  };
  for (const Case& c : {Case{1, 1, 0.5, 1.5, 0.8, 0.05, 0.47343}, Case{1, 0.5, 1, 1.25, 0.7, 0.025, 1.58e-4}}) {
    game.specialists = {{{Family::hill, {c.scale, c.reference, 2}}, {Family::power, {0, c.cost, c.power}}, 0, 0, 1}};
    Replies replies(game);
    replies.replier.at_share(c.rest);
    CHECK(replies.replier(c.base).investment == doctest::Approx(c.investment).epsilon(2e-3));
  }
}

TEST_CASE("whatever share it stood at before, at a share a specialist replies alike") {
  Random random(29);
  std::size_t jumps = 0, kinks = 0;
  const auto alike = [](double x, double y) { return x == y || std::abs(x - y) <= 1e-9 * std::max(x, y); };
  for (std::size_t k = 0; k < effort(400); ++k) {
    const GeneralGame game = k % 3 > 0 ? s_shaped_game(random) : nasty_game(random, {1, false, false});
    CAPTURE(text(game));
    Replies replies(game);
    double y = 0;
    for (int trial = 0; trial < 12; ++trial) {
      y = random.uniform(0, 1) < 0.5 ? random.uniform(-30, 30) : y + random.uniform(-0.3, 0.3);
      CAPTURE(y);
      const double rest = fine_tuning::share_at_logit(y).specialist;
      Replies fresh(game);
      fresh.replier.at_share(rest), replies.replier.at_share(rest);
      const fine_tuning::Replier &one = replies.replier, &other = fresh.replier;
      CHECK(alike(one.contributes_until(), other.contributes_until()));
      // A jump that begins a contribution may be too small for rounding to tell where, or whether, it is one.
      const std::size_t same = one.jumps().size() == other.jumps().size() ? one.jumps().size() : 0;
      for (std::size_t j = 0; j < same; ++j) {
        const double at = one.jumps()[j].base;
        if (one(at).performance > 1.001 * one(std::nextafter(at, 0)).performance)
          CHECK(alike(at, other.jumps()[j].base));
      }
      jumps += same, kinks += one.contributes_until() < 1e100 && one.contributes_until() > 0;
      const double base = random.log_uniform(1e-9, 10) * std::max(std::min(one.convex_until(), 1e3), 1e-3);
      CHECK(alike(one(base).performance, other(base).performance));
    }
  }
  CHECK(is_met(jumps, 500));
  CHECK(is_met(kinks, 500));
}
