// SPDX-License-Identifier: MIT
#include "verify/fine_tuning_witness.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "haggle/core/status.hpp"

namespace haggle {

using namespace fine_tuning;
using oracle::GeneralGame;
using oracle::general::Claim, oracle::general::Outcome;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", x);
  return text;
}

std::string text_of(const std::vector<double>& shares, double base, const std::vector<double>& performances) {
  const auto list = [](const std::vector<double>& all) {
    std::string text;
    for (const double x : all) text += (text.empty() ? "" : ", ") + (std::isnan(x) ? std::string("-") : number(x));
    return text;
  };
  return "share " + list(shares) + ", base performance " + number(base) + ", performance " + list(performances);
}

}  // namespace

std::string text_of(const GeneralGame& game, const Outcome& o) {
  if (!o.deal) return "no deal";
  const Claim claim = oracle::general::claim_of(o);
  std::vector<double> shares;
  for (std::size_t i = 0; i < (game.per_domain ? claim.splits.size() : 1); ++i)
    shares.push_back(claim.splits[i].generalist);
  return text_of(shares, claim.base_performance, claim.performances);
}

Witness::Witness(const Play& play, const Form& form, const KeptGame& kept)
    : play_(play), game_(play.game()), o_(form.outputs), columns_(form, kept) {}

bool Witness::says_no_deal() const { return columns_.at(o_.status) == static_cast<double>(Status::no_deal); }

bool Witness::says_efficient() const {
  return columns_.keeps(o_.pareto_efficient) && at(o_.pareto_efficient) == static_cast<double>(ParetoEfficient::yes);
}

std::optional<std::string> Witness::nonsense() const {
  for (std::size_t i = 0; i < columns_.shares(); ++i)
    if (columns_.keeps(columns_.share(i)) && !(at(columns_.share(i)) >= 0 && at(columns_.share(i)) <= 1))
      return "its share is not within 0 and 1";
  const double base = columns_.keeps(o_.base_performance) ? at(o_.base_performance) : 0;
  bool anybody = !columns_.keeps(o_.performance);
  bool below = !(base >= 0);
  for (std::size_t i = 0; i < n() && columns_.keeps(o_.performance); ++i) {
    const double performance = at(o_.performance + i);
    anybody = anybody || !std::isnan(performance);
    below = below || performance < base;
  }
  if (below) return "a performance is not at or above base performance, or not at or above 0";
  if (!anybody) return "a deal in which no specialist takes part";
  return std::nullopt;
}

bool Witness::keeps_shares() const {
  for (std::size_t i = 0; i < columns_.shares(); ++i)
    if (!columns_.keeps(columns_.share(i))) return false;
  return true;
}

bool Witness::has_shares_of(const Result& best) const {
  const Claim claim = oracle::general::claim_of(best.outcome);
  for (std::size_t i = 0; i < columns_.shares(); ++i)
    if (!(std::abs(at(columns_.share(i)) - claim.splits[i].generalist) <= 1e-9)) return false;
  return true;
}

bool Witness::outgrew_its_type(const KeptGame& kept) const {
  for (std::size_t c = 0; c < kept.outputs.size(); ++c)
    if (std::isfinite(kept.rounding[c]) && kept.rounding[c] > 1e-10 && std::isinf(kept.outputs[c])) return true;
  return false;
}

double Witness::numbers_off(const Claim& claim) const {
  const Outcome o = oracle::general::outcome_of(game_, claim);
  const double unit = oracle::general::scale_of(play_, claim);
  double coarsest = std::max(columns_.rounding(o_.share), columns_.rounding(o_.base_performance));
  coarsest = std::max(coarsest, columns_.rounding(o_.performance));
  // The engine works with logarithms, which for numbers of 1e30 cost two digits.
  const double blur = oracle::general::blur_of(game_, claim, coarsest + 1e-13);
  double worst = distance(o_.generalist_utility, o.generalist_utility, unit, blur);
  const auto judge = [&](double off) { worst = std::max(worst, off); };
  bool sharing = false, clearly = true;
  for (std::size_t i = 0; i < n(); ++i) {
    const auto& s = o.specialists[i];
    judge(distance(o_.specialist_utility + i, s.utility, unit, blur));
    judge(distance(o_.revenue + i, s.revenue, unit, blur));
    const bool contributes = s.in && moves(claim, i);
    judge(regime_off(claim, i, contributes));
    sharing = sharing || (contributes && claim.splits[i].generalist > 0 && claim.splits[i].specialist > 0);
    clearly = clearly && (!s.in || contributes || stays(claim, i));
  }
  judge(distance(o_.surplus, o.surplus(), unit, blur));
  const bool invests = claim.base_performance > 0;
  // An investment may be too small for its type.
  judge(foreign(o_.generalist_regime, invests ? GeneralistRegime::invests : GeneralistRegime::idle,
                columns_.rounding(o_.base_performance) < 1e-10 && invests ? GeneralistRegime::invests
                : idles(claim)                                            ? GeneralistRegime::idle
                                                                          : GeneralistRegime::invests));
  const auto expected = sharing && invests ? ProfitSharing::yes : ProfitSharing::no;
  const bool settled = expected == ProfitSharing::yes || clearly;
  judge(foreign(o_.profit_sharing, expected, settled ? expected : ProfitSharing::yes));
  return std::max(worst, benchmarks_off(o.surplus(), unit, blur));
}

double Witness::numbers_off_without_a_deal() const {
  double unit = std::abs(game_.outside), surplus = game_.outside, worst = 0;
  for (const auto& s : game_.specialists) unit = std::max(unit, std::abs(s.outside)), surplus += s.outside;
  const auto judge = [&](double off) { worst = std::max(worst, off); };
  const auto judge_nan = [&](std::size_t column) {
    if (columns_.keeps(column) && !std::isnan(at(column))) worst = infinite;
  };
  for (std::size_t i = 0; i < columns_.shares(); ++i) judge_nan(columns_.share(i));
  judge(distance(o_.base_performance, 0, 0));
  judge(distance(o_.generalist_utility, game_.outside, unit));
  judge(distance(o_.surplus, surplus, unit));
  judge(foreign(o_.generalist_regime, GeneralistRegime::abstains, GeneralistRegime::abstains));
  judge(foreign(o_.profit_sharing, ProfitSharing::no, ProfitSharing::no));
  judge(foreign(o_.pareto_efficient, ParetoEfficient::no, ParetoEfficient::no));
  for (std::size_t i = 0; i < n(); ++i) {
    judge(distance(o_.performance + i, 0, 0));
    judge(distance(o_.specialist_utility + i, game_.specialists[i].outside, unit));
    judge(distance(o_.revenue + i, 0, 0));
    judge(foreign(o_.specialist_regime + i, SpecialistRegime::abstainer, SpecialistRegime::abstainer));
  }
  return std::max(worst, benchmarks_off(surplus, unit, 0));
}

void Witness::measure_claims(const Result& best, Certificate& certificate) const {
  double least = infinite;
  bool first = true;
  for (const Claim& claim : claims_within(play_, columns_, best.outcome)) {
    const auto regrets = regrets_of(claim, best);
    double worst = 0;
    for (const double regret : regrets) worst = std::isnan(regret) ? infinite : std::max(worst, regret);
    if (!first && worst >= least) continue;
    first = false;
    least = worst;
    std::copy(regrets.begin(), regrets.end(), certificate.regrets.begin());
    if (least <= regret_allowed) return;
  }
}

std::string Witness::text() const {
  if (says_no_deal()) return "no deal";
  const auto kept = [&](std::size_t column) {
    return columns_.keeps(column) ? at(column) : std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<double> shares, performances;
  for (std::size_t i = 0; i < columns_.shares(); ++i) shares.push_back(kept(columns_.share(i)));
  for (std::size_t i = 0; i < n(); ++i) performances.push_back(kept(o_.performance + i));
  return text_of(shares, kept(o_.base_performance), performances);
}

/// Relative to `unit`, the distance of a kept number from what it should be; `blur` is what its ingredients' rounding
/// may have done to the latter.
double Witness::distance(std::size_t column, double expected, double unit, double blur) const {
  if (!columns_.keeps(column)) return 0;
  if (!std::isfinite(at(column))) return infinite;
  const double off = std::abs(at(column) - expected) - columns_.rounded(column).slack() - blur;
  return off <= 0 ? 0 : off / unit;
}

/// 0, or infinite where a kept code is none of the two.
template <class Code>
double Witness::foreign(std::size_t column, Code expected, Code or_else) const {
  if (!columns_.keeps(column)) return 0;
  return at(column) == static_cast<double>(expected) || at(column) == static_cast<double>(or_else) ? 0 : infinite;
}

/// Whether specialist i contributes more than rounding may have made of nothing.
bool Witness::moves(const Claim& claim, std::size_t i) const {
  const double blur = 2 * std::max(columns_.rounding(o_.base_performance) * claim.base_performance,
                                   columns_.rounding(o_.performance + i) * claim.performances[i]);
  return claim.performances[i] - claim.base_performance > blur;
}
/// Whether it has no reason to contribute, a little less base performance or more of it.
bool Witness::stays(const Claim& claim, std::size_t i) const {
  for (const double off : {-1e-9, 0.0, 1e-9})
    if (play_.reply(i, claim.splits[i], claim.base_performance * (1 + off)).contribution > 0) return false;
  return true;
}
/// Whether the generalist has no reason to invest.
bool Witness::idles(const Claim& claim) const {
  return claim.base_performance == 0 && play_.equilibrium(claim.splits).base_performance == 0;
}

double Witness::regime_off(const Claim& claim, std::size_t i, bool contributes) const {
  using S = SpecialistRegime;
  const std::size_t column = o_.specialist_regime + i;
  if (std::isnan(claim.performances[i])) return foreign(column, S::abstainer, S::abstainer);
  if (contributes) return foreign(column, S::contributor, S::contributor);
  // A contribution may be too small for its type, or for the sum it is part of.
  return foreign(column, S::free_rider, stays(claim, i) ? S::free_rider : S::contributor);
}

double Witness::benchmarks_off(double surplus, double unit, double blur) const {
  if (!columns_.keeps(o_.first_best_surplus) && !columns_.keeps(o_.efficiency)) return 0;
  const double first_best = play_.first_best_surplus();
  if (std::isnan(first_best))
    return std::isnan(at(o_.first_best_surplus)) && std::isnan(at(o_.efficiency)) ? 0 : infinite;
  const double scale = std::max(unit, std::abs(first_best));
  const double worst = scale > 0 ? distance(o_.first_best_surplus, first_best, scale, blur + 1e-12 * scale)
                                 : distance(o_.first_best_surplus, first_best, 1);
  // Next to none, a first best cannot be divided by.
  if (!columns_.keeps(o_.efficiency) || std::abs(first_best) <= 1e-9 * scale) return worst;
  if (!(first_best > 0)) return std::isnan(at(o_.efficiency)) ? worst : infinite;
  const double part = surplus / first_best;
  const double off = distance(o_.efficiency, part, 1, (blur + 1e-12 * scale) / first_best * (1 + std::abs(part)));
  return std::max(worst, off * std::min(1.0, first_best / scale));
}

/// In Measure's order.
std::array<double, measure_meanings.size()> Witness::regrets_of(const Claim& claim, const Result& best) const {
  const double scale = oracle::general::scale_of(play_, claim);
  // Brute force's own answer is finite; what costs more than any number is as wrong as can be.
  if (!std::isfinite(scale)) return {0, infinite, infinite, infinite, infinite};
  const double blur = oracle::general::blur_of(game_, claim, 0x1p-51) / scale;
  const double generalist = oracle::general::generalist_regret(play_, claim) - blur;
  double specialist = -infinite;
  for (std::size_t i = 0; i < n(); ++i)
    specialist = std::max(specialist, oracle::general::specialist_regret(play_, claim, i) - blur);
  // A deal that cannot be shows in a player's regret: it would rather abstain.
  const double status = best.outcome.deal ? 0 : std::max({generalist, specialist, 0.0});
  return {status, generalist, specialist, bargain_regret(claim, best), numbers_off(claim)};
}

double Witness::bargain_regret(const Claim& claim, const Result& best) const {
  if (game_.solution != oracle::Solution::fixed) {
    if (!best.outcome.deal) return 0;
    const double regret = oracle::general::bargain_regret(play_, claim, best);
    if (!(regret > regret_allowed)) return regret;
    return std::max(regret - 2 * oracle::general::last_digits_of_shares(play_, claim, best), 0.0);
  }
  double off = 0;
  for (std::size_t i = 0; i < columns_.shares(); ++i)
    off = std::max(
        off, std::abs(at(columns_.share(i)) - game_.fixed_shares[i]) - columns_.rounded(columns_.share(i)).slack());
  return off;
}

}  // namespace haggle
