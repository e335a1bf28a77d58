// SPDX-License-Identifier: MIT
#include "comparison.hpp"

#include <chrono>
#include <limits>

#include "fine_tuning_play.hpp"
#include "rounding.hpp"

namespace haggle::test {
namespace {

using oracle::Solution, oracle::general::Outcome;

/// For a message: what is only known roughly, or of interest so.
std::string rough(double number) {
  std::ostringstream out;
  out.precision(3);
  out << number;
  return out.str();
}

double logit_of(double share) { return std::log(share / (1 - share)); }

/// The generalist's utility for j = 0, else that of specialist j - 1.
DenseSearch::Value utility_of(std::size_t j) {
  return [j](const Outcome& o) { return j == 0 ? o.generalist_utility : o.specialists[j - 1].utility; };
}

GeneralGame with_solution(GeneralGame game, Solution solution, std::size_t powerful = GeneralGame::npos) {
  game.solution = solution;
  game.powerful = powerful;
  return game;
}

class Comparer {
 public:
  Comparer(const GeneralGame& game, double step, Path path)
      : game_(game), equilibria_(game), step_(step), path_(path), reference_(game) {}

  Comparison operator()(Random& random) {
    if (equilibria_.status() != Status::pending) {
      comparison_.refused = true;
      find("UNSOLVED: the engine does not take the game up, " + name_of(equilibria_.status()), game_);
      return comparison_;
    }
    solve();
    search_.emplace(equilibria_, step_);
    comparison_.cut_short = search_->is_cut_short();
    for (int i = 0; i < 4; ++i) check_stage(random.uniform(-6, 6));
    const std::optional<Look> richest = search_->best_looked_at([&](const Outcome& o) { return money_of(game_, o); });
    const bool tiny = richest && money_of(game_, richest->outcome) < 1e-60;
    if (richest && !tiny) find_ideals();
    for (std::size_t s = 0; s < games_.size(); ++s) {
      Judgement judgement{games_[s].solution, Verdict::tiny_money};
      if (!tiny) judge(games_[s], played_[s], judgement);
      comparison_.judgements.push_back(judgement);
    }
    return comparison_;
  }

 private:
  static std::string name_of(Status status) {
    return std::string(status_meanings[static_cast<std::size_t>(status)].name);
  }

  void find(const std::string& what, const GeneralGame& game) {
    comparison_.findings.push_back(what + "; " + text(game));
  }

  void solve() {
    for (const Solution solution : all_solutions)
      if (solution != Solution::fixed) games_.push_back(with_solution(game_, solution));
    if (game_.specialists.size() > 1) games_.push_back(with_solution(game_, Solution::powerful_specialist, 1));
    for (const GeneralGame& game : games_) {
      const auto start = std::chrono::steady_clock::now();
      played_.push_back(path_ == Path::kernel ? play_by_kernel(game) : play_globally(game));
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      comparison_.engine_seconds += seconds;
      comparison_.slowest = std::max(comparison_.slowest, seconds);
    }
  }

  /// By how much the engine's equilibrium there pays the generalist less than the slow reference's, in parts of the
  /// money; not above 1e-9 where it holds.
  double stage_shortfall(double logit) {
    const Outcome own = equilibria_.at(logit).outcome, truth = reference_.equilibrium(own.splits);
    if (!own.deal && !truth.deal) return 0;
    const bool played = own.generalist_gain > -std::numeric_limits<double>::infinity();
    const double money = money_of(game_, played ? own : truth);
    return money > 0 ? (truth.generalist_utility - own.generalist_utility) / money : 0;
  }

  void check_stage(double logit) {
    const double shortfall = stage_shortfall(logit);
    if (shortfall <= 1e-9) return;
    ++comparison_.wrong_stages;
    std::ostringstream what;
    what.precision(17);
    what << "WRONG: the engine's equilibrium at the share of logit " << logit << " pays the generalist less by "
         << rough(shortfall) << " of the money than the reference's";
    find(what.str(), game_);
  }

  /// The highest utilities of brute force, or the engine's where those are higher.
  void find_ideals() {
    for (std::size_t j = 0; j <= game_.specialists.size(); ++j) {
      const DenseSearch::Value utility = utility_of(j);
      const std::optional<Look> best = search_->best(utility);
      double ideal = best ? utility(best->outcome) : std::nan("");
      if (best && hangs_on_last_digits(equilibria_, *best, utility)) steep_ideal_ = true;
      const GeneralGame alone = j == 0 ? with_solution(game_, Solution::powerful_generalist)
                                       : with_solution(game_, Solution::powerful_specialist, j - 1);
      const Played played = play_globally(alone);
      if (played.status == Status::solved) {
        const double own = utility(claim_of(alone, played));
        if (own - ideal > 1e-9 * std::abs(own)) ++comparison_.better_ideals;
        ideal = std::max(own, ideal);
      }
      ideals_.push_back(ideal);
    }
  }

  void judge(const GeneralGame& game, const Played& played, Judgement& judgement) {
    if (played.status == Status::no_deal) {
      judgement.verdict = judge_no_deal(game);
    } else if (played.status != Status::solved) {
      judgement.verdict = Verdict::unsolved;
      find("UNSOLVED: the engine says " + name_of(played.status), game);
    } else if (!search_->any_deal()) {
      judgement.verdict = Verdict::narrow_deal;
    } else {
      judge_choice(game, played, judgement);
    }
  }

  Verdict judge_no_deal(const GeneralGame& game) {
    const std::optional<Look> best = search_->best_looked_at([](const Outcome& o) { return o.generalist_gain; });
    if (!best) return Verdict::no_deal;
    const double gain = best->outcome.generalist_gain / money_of(game, best->outcome);
    if (!(gain > 1e-9)) return Verdict::marginal_deal;
    std::ostringstream what;
    what.precision(17);
    what << "MISSED: the engine says no_deal, and at the share of logit " << best->logit << " the generalist gains "
         << rough(gain) << " of the money";
    find(what.str(), game);
    return Verdict::missed_deal;
  }

  void judge_choice(const GeneralGame& game, const Played& played, Judgement& judgement) {
    const auto value = [&](const Outcome& o) { return oracle::general::objective(game, game.solution, ideals_, o); };
    const std::optional<Look> best = search_->best(value);
    const double least = best ? least_difference(game, best->outcome) : 0;
    judgement.verdict = Verdict::tiny_gain;
    if (least <= 1e-11) return;
    judgement.verdict = Verdict::steep_ideal;
    if (steep_ideal_ && game.solution == Solution::kalai_smorodinsky) return;

    const double most = value(best->outcome), own = value(claim_of(game, played));
    const double tie = 10 * oracle::general::tie_of(game, game.solution, best->outcome);
    judgement.verdict = Verdict::as_good;
    judgement.advantage = most != 0 ? (most - own - tie) / std::abs(most) : 0;
    // A difference of money is good to some twenty of its last digits.
    if (judgement.advantage <= std::max(1e-9, 4e-15 / least)) return;

    const double logit = logit_of(played.share);
    judgement.verdict = Verdict::same_share;
    if (same_share(logit, best->logit)) return;
    const double shortfall = stage_shortfall(best->logit);
    judgement.verdict = shortfall <= 1e-9 ? Verdict::beaten : Verdict::wrong_stage;
    std::ostringstream what;
    what.precision(17);
    what << verdict_texts[static_cast<std::size_t>(judgement.verdict)].heading << ": by " << rough(judgement.advantage)
         << " at the share of logit " << best->logit << ", " << most << " beside the engine's " << own << " at logit "
         << logit;
    if (judgement.verdict == Verdict::wrong_stage)
      what << "; but there the reference's equilibrium pays the generalist more by " << rough(shortfall)
           << " of the money";
    find(what.str(), game);
  }

  const GeneralGame& game_;
  Equilibria equilibria_;
  double step_;
  Path path_;
  oracle::general::Play reference_;
  std::optional<DenseSearch> search_;
  std::vector<GeneralGame> games_;  ///< one for each solution
  std::vector<Played> played_;
  oracle::general::Ideals ideals_;
  bool steep_ideal_ = false;  ///< one of them hangs on its share's last digits
  Comparison comparison_;
};

}  // namespace

Comparison compare(const GeneralGame& game, double step, Path path, Random& random) {
  return Comparer(game, step, path)(random);
}

}  // namespace haggle::test
