// SPDX-License-Identifier: MIT
#include "verify/fine_tuning_certificate.hpp"

#include <algorithm>
#include <cmath>

#include "verify/efficiency_claim.hpp"
#include "verify/fine_tuning_witness.hpp"
#include "verify/pareto_claims.hpp"

namespace haggle {
namespace {

using namespace fine_tuning;
using oracle::GeneralGame;
using oracle::general::Claim, oracle::general::Outcome, oracle::general::Play, oracle::general::Result;
using Verdict = Certificate::Verdict;

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Solving is done to this part of the money; what only the last digits decide is sound either way.
constexpr double edge = 1e-12;

/// What the best deal would add to what the generalist has without one, relative to the money in that deal; <= 0 where
/// there is no deal.
double foregone(const Play& play, const Outcome& deal) {
  if (!std::isfinite(deal.generalist_gain)) return -infinite;
  return deal.generalist_gain / oracle::general::scale_of(play, oracle::general::claim_of(deal)) - edge;
}

Certificate with(Verdict verdict, std::string reason) {
  Certificate certificate;
  certificate.verdict = verdict;
  certificate.reason = std::move(reason);
  return certificate;
}

Certificate contradiction(Measure measure, std::string reason) {
  Certificate certificate = with(Verdict::wrong, std::move(reason));
  certificate[measure] = infinite;
  return certificate;
}

/// Brute force's own answer, and the deal that serves the generalist best.
struct Answer {
  Result best;
  Outcome largest;
};

/// None: it would cost more than the effort.
std::optional<Answer> answer(const GeneralGame& game, const Play& play, const KeptColumns& kept, bool no_deal,
                             std::size_t effort) {
  if (game.solution == oracle::Solution::fixed) {
    std::vector<oracle::Split> splits;
    for (std::size_t i = 0; i < game.specialists.size(); ++i)
      splits.push_back(oracle::split_of_share(game.fixed_shares[game.per_domain ? i : 0]));
    const Outcome outcome = play.equilibrium(splits);
    Answer all{{outcome, 0, {}}, outcome};
    if (!outcome.deal) all.best.outcome = oracle::general::no_deal(game);
    return all;
  }
  if (game.per_domain) {
    std::vector<std::vector<oracle::Split>> starts;
    if (!no_deal && kept.keeps(kept.columns().share)) {
      starts.emplace_back();
      for (std::size_t i = 0; i < game.specialists.size(); ++i)
        starts.back().push_back(oracle::split_of_share(kept.at(kept.share(i))));
    }
    if (effort < 3000) return std::nullopt;
    const oracle::general::DomainSearch search(game, 1, starts);
    return Answer{solve(game, search), search.best_for_generalist()};
  }
  const oracle::general::Frontier frontier(game, 1, effort);
  if (!frontier.complete()) return std::nullopt;
  return Answer{solve(game, frontier), frontier.best_for_generalist()};
}

/// What brute force makes of one game and of what the file says of it.
struct Judgement {
  std::optional<std::string> skipped;  ///< why it can say nothing
  Certificate certificate;             ///< the regrets
  Answer found;
};

Judgement judge(const GeneralGame& game, const Form& form, const KeptGame& kept, std::size_t effort) {
  const Play play(game);
  const Witness witness(play, form, kept);
  const bool no_deal = witness.says_no_deal();
  auto found = answer(game, play, witness.columns(), no_deal, effort);
  if (!found) return {"more equilibria than the effort allows", {}, {}};
  const auto& [best, largest] = *found;
  if (best.outcome.deal) {
    const Claim claim = oracle::general::claim_of(best.outcome);
    const double money = oracle::general::scale_of(play, claim);
    if (!(money > 1e-290 && money < 1e290))
      return {"money too large or too small for brute force in double precision", {}, {}};
    // Where the bargain leaves hardly anything of large flows, nothing can be said of what is left.
    if (oracle::general::blur_of(game, claim, 0x1p-52) > 1e-6 * money)
      return {"utilities are differences of flows more than a billion times as large", {}, {}};
  }
  Certificate certificate;
  if (no_deal) {
    certificate[Measure::status] = std::max(foregone(play, largest), 0.0);
    certificate[Measure::numbers] = witness.numbers_off_without_a_deal();
  } else if (witness.keeps_shares()) {
    witness.measure_claims(best, certificate);
  } else {
    certificate[Measure::status] = std::max(-foregone(play, largest) - 2 * edge, 0.0);
  }
  return {std::nullopt, certificate, std::move(*found)};
}

bool any_above(const Certificate& certificate) {
  return std::any_of(certificate.regrets.begin(), certificate.regrets.end(),
                     [](double regret) { return regret > regret_allowed; });
}

/// The claim betters what is best there: that game's equilibrium is another one than rounding could make of this.
bool any_below(const Certificate& certificate) {
  return std::any_of(certificate.regrets.begin(), certificate.regrets.end(),
                     [](double regret) { return regret < -regret_allowed; });
}

/// Of each regret the least that it is in this game or in one that rounding cannot tell from it. Nobody's numbers are
/// other ones there.
void allow_for_rounding(const GeneralGame& game, const Form& form, const KeptGame& kept, std::size_t effort,
                        Judgement& judgement) {
  const Outcome& deal = judgement.found.best.outcome.deal ? judgement.found.best.outcome : judgement.found.largest;
  if (!std::isfinite(deal.generalist_gain)) return;
  for (const GeneralGame& other : oracle::general::within_rounding(game, oracle::general::claim_of(deal))) {
    if (!any_above(judgement.certificate)) return;
    const Judgement there = judge(other, form, kept, effort);
    if (there.skipped || any_below(there.certificate)) continue;
    for (const Measure m : {Measure::status, Measure::generalist, Measure::specialist, Measure::bargain})
      if (there.certificate[m] < judgement.certificate[m]) judgement.certificate[m] = there.certificate[m];
  }
}

}  // namespace

Certificate certify_fine_tuning(const KeptGame& kept, std::size_t effort) {
  const Form& form = static_cast<const Table&>(*kept.game).form;
  const auto game = general_game(form, kept.parameters);
  if (!game) return with(Verdict::skipped, "a family of functions that brute force does not know");
  if (!oracle::bounded_as_agreed(*game))
    return contradiction(Measure::status, "revenue outgrows a cost: there is no bounded equilibrium");

  const Play play(*game);
  const Witness witness(play, form, kept);
  const bool no_deal = witness.says_no_deal(), kept_shares = witness.keeps_shares();
  if (witness.outgrew_its_type(kept)) return with(Verdict::skipped, "numbers beyond what the file's float32 holds");
  if (!no_deal)
    if (const auto nonsense = witness.nonsense())
      return contradiction(Measure::numbers, *nonsense + "; the file: " + witness.text());

  Judgement judgement = judge(*game, form, kept, effort);
  if (judgement.skipped) return with(Verdict::skipped, *judgement.skipped);
  Certificate& certificate = judgement.certificate;
  const Result& best = judgement.found.best;
  if (!(certificate[Measure::numbers] > regret_allowed)) allow_for_rounding(*game, form, kept, effort, judgement);
  // Where the equilibrium jumps, a share that was rounded once more tells no longer on which side the investments are.
  if (!no_deal && kept_shares && !witness.keeps_investments() && best.outcome.deal && witness.has_shares_of(best) &&
      any_above(certificate))
    return with(Verdict::skipped,
                "the equilibrium jumps at its share, and the file keeps no investments: ask for `investment`");
  const double set_off = pareto_set_off(*game, witness.columns(), effort);
  const double efficiency = efficiency_off(*game, witness.columns(), effort);
  for (const double off : {set_off, efficiency})
    if (off > 0) certificate[Measure::numbers] = std::fmax(certificate[Measure::numbers], off);
  if (any_above(certificate)) {
    certificate.verdict = Verdict::wrong;
    certificate.reason = "the file: " + witness.text() + "; brute force: " + text_of(*game, best.outcome);
    if (set_off > 0)
      certificate.reason += "; of its Pareto set: a share in it is bettered by another, or one outside by none in it";
    if (efficiency > 0)
      certificate.reason +=
          witness.says_efficient() ? "; another deal is better for all" : "; every other deal is worse for somebody";
  } else if (!no_deal && kept_shares &&
             std::any_of(certificate.regrets.begin(), certificate.regrets.end(),
                         [](double regret) { return std::isnan(regret); })) {
    return with(Verdict::skipped, "money too large or too small for brute force in double precision");
  }
  return certificate;
}

}  // namespace haggle
