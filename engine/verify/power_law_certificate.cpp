// SPDX-License-Identifier: MIT
#include "verify/power_law_certificate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "haggle/core/status.hpp"
#include "haggle/model/power_law.hpp"
#include "verify/rounded_claims.hpp"

namespace haggle {
namespace {

using namespace power_law;
using oracle::Claim, oracle::Frontier, oracle::Game, oracle::Outcome, oracle::Result;
using Verdict = Certificate::Verdict;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr const char* beyond_doubles = "money too large or too small for brute force in double precision";

Game game_of(std::span<const double> p) {
  Game game;
  game.c0 = p[c0_column], game.k0 = p[k0_column], game.generalist_outside = p[generalist_outside_column];
  game.scale = p[scale_column], game.elasticity = p[elasticity_column];
  game.c1 = p[c1_column], game.k1 = p[k1_column], game.specialist_outside = p[specialist_outside_column];
  game.solution = static_cast<oracle::Solution>(static_cast<int>(p[solution_column]));
  game.weight = p[weight_column], game.fixed_share = p[fixed_share_column];
  return game;
}

std::string text_of(double share, double base, double performance) {
  char text[128];
  std::snprintf(text, sizeof text, "share %.10g, performances %.10g and %.10g", share, base, performance);
  return text;
}
std::string text_of(const Outcome& o) {
  return o.deal ? text_of(o.split.generalist, o.base_performance, o.performance) : "no deal";
}

Claim claim_of(const Outcome& deal) {
  return {deal.split.generalist, deal.base_performance, deal.performance, deal.split.specialist};
}

double money_in(const Game& game, const Outcome& deal) { return oracle::scale_of(game, claim_of(deal)); }

/// What `rounding` of share and investments does to utilities: powers magnify it by their exponents, and revenue and
/// costs may be far larger than what is left of them.
double blur_of(const Game& game, const Claim& claim, double rounding) {
  const double flows = oracle::revenue(game, claim.performance) + game.c0 * std::pow(claim.base_performance, game.k0) +
                       game.c1 * std::pow(claim.performance - claim.base_performance, game.k1);
  return rounding * (2 + game.elasticity + game.k0 + game.k1) * flows;
}

/// What the file says of one game, and brute force's own answer.
class Witness {
 public:
  Witness(const Game& game, const KeptGame& kept) : game_(game), kept_(kept) {}

  bool keeps(OutputColumn column) const { return std::isfinite(kept_.rounding[column]); }
  double at(OutputColumn column) const { return kept_.outputs[column]; }
  RoundedNumber rounded(OutputColumn column) const { return {at(column), kept_.rounding[column]}; }

  /// Relative to `unit`, the distance of a kept number from what it should be; `blur` is what its ingredients' rounding
  /// may have done to the latter.
  double distance(OutputColumn column, double expected, double unit, double blur = 0) const {
    if (!keeps(column)) return 0;
    if (!std::isfinite(at(column))) return infinity;
    const double off = std::abs(at(column) - expected) - rounded(column).slack() - blur;
    return off <= 0 ? 0 : off / unit;
  }

  /// 0, or infinite where a kept code is none of the two.
  template <class Code>
  double foreign(OutputColumn column, Code expected, Code or_else) const {
    if (!keeps(column)) return 0;
    const double code = at(column);
    return code == static_cast<double>(expected) || code == static_cast<double>(or_else) ? 0 : infinity;
  }

  /// Why no game could have these numbers; none: it could.
  std::optional<std::string> nonsense() const {
    if (!keeps(share_column)) return std::nullopt;
    const double share = at(share_column);
    if (!(share >= 0 && share <= 1)) return "its share is not within 0 and 1";
    const double base = keeps(base_performance_column) ? at(base_performance_column) : 0;
    const double performance = keeps(performance_column) ? at(performance_column) : base;
    if (!(base >= 0 && performance >= base))
      return "its performance is not at or above its base performance, or not at or above 0";
    return std::nullopt;
  }

  /// Numbers that are single precision's infinity say nothing.
  bool outgrew_its_type() const {
    for (std::size_t c = share_column; c < output_count; ++c)
      if (kept_.rounding[c] > 1e-10 && std::isinf(kept_.outputs[c])) return true;
    return false;
  }

  /// How far the other outputs are from what the definition makes of the claim.
  double numbers_off(const Claim& claim) const {
    const Outcome o = oracle::outcome_of(game_, claim);
    const double unit = oracle::scale_of(game_, claim), revenue = oracle::revenue(game_, claim.performance);
    const double coarsest = std::max(
        {kept_.rounding[share_column], finite_rounding(base_performance_column), finite_rounding(performance_column)});
    // The engine works with logarithms, which for numbers of 1e30 cost two digits.
    const double blur = blur_of(game_, claim, coarsest + 1e-13);
    double worst = distance(generalist_utility_column, o.generalist_utility, unit, blur);
    worst = std::max(worst, distance(specialist_utility_column, o.specialist_utility, unit, blur));
    worst = std::max(worst, distance(surplus_column, o.generalist_utility + o.specialist_utility, unit, blur));
    worst = std::max(worst, distance(revenue_column, revenue, unit, blur));
    // An investment may be too small for its type, or for the sum it is part of.
    using G = GeneralistRegime;
    using S = SpecialistRegime;
    worst = std::max(worst,
                     foreign(generalist_regime_column, G::invests, claim.base_performance > 0 ? G::invests : G::idle));
    const double blur_of_contribution =
        2 * std::max(rounded(base_performance_column).slack(), rounded(performance_column).slack());
    const bool contributes = claim.performance - claim.base_performance > blur_of_contribution;
    return std::max(worst,
                    foreign(specialist_regime_column, S::contributor, contributes ? S::contributor : S::free_rider));
  }

  /// The same where the players take their outside options.
  double numbers_off_without_a_deal() const {
    const double generalist = game_.generalist_outside, specialist = game_.specialist_outside;
    const double unit = std::max(std::abs(generalist), std::abs(specialist));
    double worst = keeps(share_column) && !std::isnan(at(share_column)) ? infinity : 0;
    worst = std::max(worst, distance(generalist_utility_column, generalist, unit));
    worst = std::max(worst, distance(specialist_utility_column, specialist, unit));
    worst = std::max(worst, distance(surplus_column, generalist + specialist, unit));
    for (const OutputColumn idle : {base_performance_column, performance_column, revenue_column})
      worst = std::max(worst, distance(idle, 0, 0));
    worst = std::max(worst, foreign(generalist_regime_column, GeneralistRegime::abstains, GeneralistRegime::abstains));
    return std::max(worst, foreign(specialist_regime_column, SpecialistRegime::abstainer, SpecialistRegime::abstainer));
  }

  /// The regrets of whichever claim within rounding has the smallest.
  void measure_claims(const Result& best, Certificate& certificate) const {
    const KeptClaim claimed{rounded(share_column), rounded(base_performance_column), rounded(performance_column)};
    double least = infinity;
    bool first = true;
    for (const Claim& claim : claims_within(game_, claimed, best.outcome)) {
      const auto regrets = regrets_of(claim, best);
      double worst = 0;
      for (const double regret : regrets) worst = std::isnan(regret) ? infinity : std::max(worst, regret);
      if (!first && worst >= least) continue;
      first = false;
      least = worst;
      std::copy(regrets.begin(), regrets.end(), certificate.regrets.begin());
      if (least <= regret_allowed) return;
    }
  }

  std::string text() const {
    if (at(status_column) == static_cast<double>(Status::no_deal)) return "no deal";
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto number = [&](OutputColumn column) { return keeps(column) ? at(column) : nan; };
    return text_of(number(share_column), number(base_performance_column), number(performance_column));
  }

 private:
  double finite_rounding(OutputColumn column) const { return keeps(column) ? kept_.rounding[column] : 0; }

  /// In Measure's order.
  std::array<double, measure_meanings.size()> regrets_of(const Claim& claim, const Result& best) const {
    // Brute force's own answer is finite; what costs more than any number is as wrong as can be.
    if (!std::isfinite(oracle::scale_of(game_, claim))) return {0, infinity, infinity, infinity, infinity};
    const double blur = blur_of(game_, claim, 0x1p-52) / oracle::scale_of(game_, claim);
    const double generalist = oracle::generalist_regret(game_, claim) - blur;
    const double specialist = oracle::specialist_regret(game_, claim) - blur;
    // A deal that cannot be shows in a player's regret: it would rather abstain.
    const double status = best.outcome.deal ? 0 : std::max({generalist, specialist, 0.0});
    return {status, generalist, specialist, bargain_regret(claim, best), numbers_off(claim)};
  }

  double bargain_regret(const Claim& claim, const Result& best) const {
    if (game_.solution == oracle::Solution::fixed)
      return std::max(std::abs(at(share_column) - game_.fixed_share) - rounded(share_column).slack(), 0.0);
    return best.outcome.deal ? oracle::bargain_regret_in_money(game_, claim, best) : 0;
  }

  const Game& game_;
  const KeptGame& kept_;
};

/// What the best deal would add to what the generalist has without one (the specialist being held at no less than its
/// own), relative to the money in that deal; <= 0 where there is no deal.
double foregone(const Game& game, const Outcome& deal) {
  if (!std::isfinite(deal.generalist_gain)) return -infinity;
  return deal.generalist_gain / money_in(game, deal);
}

const Outcome& best_for_generalist(const Frontier& frontier) {
  const auto gains_less = [](const Frontier::Point& a, const Frontier::Point& b) {
    return a.outcome.generalist_gain < b.outcome.generalist_gain;
  };
  return std::max_element(frontier.points().begin(), frontier.points().end(), gains_less)->outcome;
}

Certificate with(Verdict verdict, std::string reason) {
  Certificate certificate;
  certificate.verdict = verdict;
  certificate.reason = std::move(reason);
  return certificate;
}

Certificate contradiction(Measure measure, std::string reason) {
  Certificate certificate = with(Verdict::wrong, std::move(reason));
  certificate[measure] = infinity;
  return certificate;
}

}  // namespace

Certificate certify_power_law(const KeptGame& kept, std::size_t effort) {
  const Game game = game_of(kept.parameters);
  const Witness witness(game, kept);
  const bool no_deal = kept.outputs[status_column] == static_cast<double>(Status::no_deal);
  if (game.elasticity >= std::min(game.k0, game.k1))
    return contradiction(Measure::status, "revenue outgrows a cost: there is no bounded equilibrium");
  if (witness.outgrew_its_type()) return with(Verdict::skipped, "numbers beyond what the file's float32 holds");
  if (!no_deal)
    if (const auto nonsense = witness.nonsense())
      return contradiction(Measure::numbers, *nonsense + "; the file: " + witness.text());

  Result best;
  Outcome largest;
  if (game.solution == oracle::Solution::fixed) {
    best = oracle::solve(game);
    largest = oracle::equilibrium(game, oracle::split_of_share(game.fixed_share));
  } else {
    const Frontier frontier(game, effort);
    if (!frontier.complete()) return with(Verdict::skipped, "more equilibria than the effort allows");
    best = oracle::solve(game, frontier);
    largest = best_for_generalist(frontier);
  }

  if (largest.deal && !(money_in(game, largest) > 1e-290 && money_in(game, largest) < 1e290))
    return with(Verdict::skipped, beyond_doubles);
  // Where the bargain leaves hardly anything of large flows, nothing can be said of what is left.
  if (best.outcome.deal && blur_of(game, claim_of(best.outcome), 0x1p-52) > 1e-6 * money_in(game, best.outcome))
    return with(Verdict::skipped, "utilities are differences of flows more than a billion times as large");

  Certificate certificate;
  if (no_deal) {
    certificate[Measure::status] = std::max(foregone(game, largest), 0.0);
    certificate[Measure::numbers] = witness.numbers_off_without_a_deal();
  } else if (witness.keeps(share_column)) {
    witness.measure_claims(best, certificate);
  } else {
    certificate[Measure::status] = std::max(-foregone(game, largest), 0.0);
  }
  const auto beyond = [](double regret) { return regret > regret_allowed; };
  const auto unknown = [](double regret) { return std::isnan(regret); };
  if (std::any_of(certificate.regrets.begin(), certificate.regrets.end(), beyond)) {
    certificate.verdict = Verdict::wrong;
    certificate.reason = "the file: " + witness.text() + "; brute force: " + text_of(best.outcome);
  } else if (!no_deal && witness.keeps(share_column) &&
             std::any_of(certificate.regrets.begin(), certificate.regrets.end(), unknown)) {
    return with(Verdict::skipped, beyond_doubles);
  }
  return certificate;
}

}  // namespace haggle
