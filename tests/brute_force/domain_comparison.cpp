// SPDX-License-Identifier: MIT
#include "domain_comparison.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>

#include "haggle/solver/per_domain_bargain.hpp"
#include "solver/domain_decomposition.hpp"
#include "solver/domain_line.hpp"
#include "solver/spe_payoffs.hpp"
#include "solver/uniform_bargain.hpp"

namespace haggle::test {
namespace {

using namespace haggle::fine_tuning;
using Shares = std::vector<double>;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t most_climbed = 12;
constexpr double apart = 0.08;            ///< of shares climbed from
constexpr double tiny_gain = 1e-11;       ///< of all money
constexpr std::size_t work_slice = 2000;  ///< equilibria after which the game is taken up anew, lest its work run out

class DomainComparer {
 public:
  DomainComparer(const GeneralGame& game, Random& random)
      : game_(game), random_(random), n_(game.specialists.size()), table_(table_of(game)), play_(table_->form) {
    const std::vector<double> row = row_of(*table_, game);
    play_.read(table_->form, [&](std::size_t column) { return row[column]; });
  }

  Comparison operator()(std::size_t samples) {
    comparison_.refused = solver_.start(play_) != Status::pending;
    if (comparison_.refused) return comparison_;
    for (std::size_t k = 0; k < samples; ++k) {
      sample_.push_back({drawn(k), {}});
      look(sample_.back().shares, sample_.back().at);
    }
    for (const oracle::Solution solution : all_solutions)
      if (solution != oracle::Solution::fixed) judge(solution);
    return comparison_;
  }

 private:
  struct Deal {
    Shares shares;
    Payoffs at;
  };
  struct Choice {
    double value;
    Shares shares;
  };

  /// Evenly, near the ends, nearer to them, and at some of them.
  Shares drawn(std::size_t k) {
    Shares shares(n_);
    for (double& share : shares) {
      const double u = random_.uniform(0, 1), wide = k % 4 == 1 ? 12 : 24;
      const bool end = k % 4 == 3 && random_.uniform(0, 1) < 0.3;
      share = end ? (u < 0.5 ? 0 : 1) : k % 4 == 0 || k % 4 == 3 ? u : 1 / (1 + std::exp(-wide * (u - 0.5)));
    }
    return shares;
  }

  void look(const Shares& shares, Payoffs& at) {
    if (++looks_ % work_slice == 0) solver_.start(play_);
    payoffs_(shares, at);
  }

  /// In the aim's own unit: for a product, the product.
  static double value(const BargainAim& aim, const Payoffs& at) {
    if (!at.deal) return -infinite;
    return aim.kind == BargainAim::Kind::product ? std::exp(aim(at)) : aim(at);
  }

  DomainBargain solve(const BargainTerms& terms) {
    const auto start = std::chrono::steady_clock::now();
    solver_.start(play_);
    std::vector<Shares> known;
    UniformBargain uniform(solver_);
    if (const Agreement agreed = uniform(terms.solution, unset); agreed.status == Status::solved)
      known.emplace_back(n_, agreed.share.generalist);
    solver_.allow(2 + searches(terms));
    DomainLine line(solver_);
    DomainDecomposition decomposition(play_);
    DomainBargain bargain = solve_per_domain(payoffs_, n_, terms, known, std::ref(line), std::ref(decomposition));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    comparison_.engine_seconds += seconds;
    comparison_.slowest = std::max(comparison_.slowest, seconds);
    solver_.start(play_);
    return bargain;
  }

  Choice climbed(const BargainAim& aim, Choice from, double step, double last) {
    Payoffs at;
    for (; step > last; step /= 2)
      for (bool up = true; up;) {
        up = false;
        for (std::size_t k = 0; k < 6 * n_; ++k) {
          Shares shares = from.shares;
          for (std::size_t i = 0; i < n_; ++i) {
            const double along = k >= 2 * n_ ? random_.uniform(-1, 1) : k / 2 != i ? 0 : k % 2 == 0 ? 1 : -1;
            const double room = std::max(1e-9, 2 * std::min(shares[i], 1 - shares[i]) + 0.3 * step);
            shares[i] = std::clamp(shares[i] + step * along * std::min(1.0, room), 0.0, 1.0);
          }
          look(shares, at);
          const double now = value(aim, at);
          if (!(now > from.value)) continue;
          up = up || now > from.value + 1e-9 * std::abs(from.value);
          from = {now, std::move(shares)};
        }
      }
    return from;
  }

  Choice searched(const BargainAim& aim, const DomainBargain& bargain) {
    std::vector<Choice> all;
    for (const Deal& deal : sample_)
      if (const double v = value(aim, deal.at); v > -infinite) all.push_back({v, deal.shares});
    std::ranges::stable_sort(all, std::ranges::greater(), &Choice::value);
    Choice best{-infinite, {}};
    if (bargain.deal) best = climbed(aim, {value(aim, bargain.at), bargain.shares}, 1e-2, 1e-9);
    std::vector<Shares> from;
    for (const Choice& choice : all) {
      if (from.size() == most_climbed) break;
      const bool near = std::ranges::any_of(from, [&](const Shares& f) {
        double most = 0;
        for (std::size_t i = 0; i < n_; ++i) most = std::max(most, std::abs(f[i] - choice.shares[i]));
        return most < apart;
      });
      if (near) continue;
      from.push_back(choice.shares);
      if (Choice there = climbed(aim, choice, 0.1, 1e-6); there.value > best.value) best = std::move(there);
    }
    return best;
  }

  void judge(oracle::Solution solution) {
    BargainTerms terms{static_cast<Solution>(solution), {play_.weight}, {play_.outside}, unset};
    for (const Specialist<double>& s : play_.specialists)
      terms.weight.push_back(s.weight), terms.outside.push_back(s.outside);
    const DomainBargain bargain = solve(terms);
    const BargainAim aim = aim_of(terms, bargain.ideals);
    Judgement judgement{solution, bargain.deal ? Verdict::tiny_gain : Verdict::no_deal};
    const bool counts = std::ranges::any_of(aim.factor, [](double f) { return f != 0; });
    const Choice best = counts ? searched(aim, bargain) : Choice{-infinite, {}};
    if (best.value > -infinite) judge(aim, bargain, best, judgement);
    comparison_.judgements.push_back(judgement);
  }

  void judge(const BargainAim& aim, const DomainBargain& bargain, const Choice& best, Judgement& judgement) {
    Payoffs at;
    look(best.shares, at);
    double money = 0, least = infinite;
    for (const double m : at.money) money += m;
    for (std::size_t j = 0; aim.kind != BargainAim::Kind::sum && j < at.utility.size(); ++j)
      if (aim.factor[j] > 0) least = std::min(least, at.utility[j] - aim.outside[j]);
    judgement.verdict = Verdict::tiny_gain;
    if (bargain.deal && least < tiny_gain * money) return;
    const double own = value(aim, bargain.at), size = std::abs(best.value);
    const double tie = 4 * aim.tie(at) * (aim.kind == BargainAim::Kind::product ? size : 1);
    judgement.verdict = bargain.deal ? Verdict::as_good : Verdict::missed_deal;
    if (bargain.deal) judgement.advantage = size > 0 ? (best.value - own - tie) / size : 0;
    if (bargain.deal && judgement.advantage <= 1e-9) return;
    if (bargain.deal) judgement.verdict = Verdict::beaten;
    std::ostringstream what;
    what.precision(17);
    what << verdict_texts[static_cast<std::size_t>(judgement.verdict)].heading << ": by " << judgement.advantage
         << " at the shares";
    for (const double share : best.shares) what << ' ' << share;
    what << ", " << best.value << " beside the engine's " << own << " at";
    for (const double share : bargain.shares) what << ' ' << share;
    GeneralGame game = game_;
    game.solution = judgement.solution;
    comparison_.findings.push_back(what.str() + "; " + text(game));
  }

  const GeneralGame& game_;
  Random& random_;
  std::size_t n_;
  std::shared_ptr<const Table> table_;
  Play<double> play_;
  SpeSolver solver_;
  SpePayoffs payoffs_{solver_};
  std::vector<Deal> sample_;
  std::size_t looks_ = 0;
  Comparison comparison_;
};

}  // namespace

Comparison compare_by_domain(const GeneralGame& game, std::size_t samples, Random& random) {
  return DomainComparer(game, random)(samples);
}

}  // namespace haggle::test
