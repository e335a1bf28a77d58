// SPDX-License-Identifier: MIT
// The Nash bargain with one specialist whose revenue is S-shaped where the generalist invests more than it would like
// to, since with less the specialist would stop working: it is held where both of the specialist's answers are worth
// the same. As the share moves that is a curve, and the bargain the top of the product along it.
#pragma once
#include "haggle/solver/is_choice.hpp"
#include "haggle/solver/rival_claim.hpp"
#include "haggle/solver/tie_place.hpp"
#include "haggle/solver/tie_scan.hpp"

namespace haggle::fine_tuning {

template <class Real>
class TieBargain {
 public:
  using Mask = mask_t<Real>;

  /// `first_cost`: the specialist's, of a first bit.
  TieBargain(const Play<Real>& game, Real first_cost)
      : trace(game), play_(game), labour_(game.specialists.front().cost, first_cost) {}

  /// Where `done` the trace shows it: the top of the curve, whose sides fall as far as `from` and `to`. That the
  /// generalist would have nothing else there, and no other share is better, is left to be proven.
  template <class Rough, std::size_t Points>
  void operator()(const TieScan<Rough, Points>& scan, Mask wanted) {
    const auto real = [](Rough of) { return converted<Real>(of); };
    done = wanted & converted_mask<Real, Rough>(scan.found, 0);
    if (!any(done)) return;
    const auto start = [&](Real& number, Rough of) { number = select(done, real(of), Real(0.0)); };
    start(top_.place.b, scan.b), start(top_.place.z, scan.z), start(top_.v, scan.v);
    top_.place.y = Real(-600.0);
    climb(real(scan.low), real(scan.high));
    if (!any(done)) return;
    walk_down(-1, from), walk_down(1, to);
    show();
  }

  /// The generalist has nothing better at that share.
  template <class Rough, std::size_t Points>
  Mask is_choice(const PerformanceTable<Rough, Points>& table) const {
    const Rough near = converted<Rough>(v), none = infinity<Rough>(), one(1.0);
    const mask_t<Rough> wanted = converted_mask<Rough, Real>(done, 0);
    const Rough place = (log(converted<Rough>(trace.at[0].performance)) - table.ln_alpha[0]) / table.step;
    const typename RivalCells<Rough, Points>::Known known{select(wanted, place - one, none),
                                                          select(wanted, place + one, -none)};
    const Rough own = converted<Rough>(utility);
    const mask_t<Rough> choice = fine_tuning::is_choice<Rough, Points>(table, near, own, known, place + one, wanted);
    return converted_mask<Real, Rough>(choice & is_more_than_below(table, converted<Rough>(trace.share), own), 0);
  }
  void claim(std::size_t lane, RivalClaim& claim) const {
    claim.value = lane_of(value, lane) - 2e-5;
    claim.ties_from = lane_of(from, lane), claim.ties_to = lane_of(to, lane);
  }

  EquilibriumTrace<Real> trace;
  Mask done;
  Real v{}, value{};  ///< logit δ, the product's logarithm
  Real from{}, to{};  ///< the product rises up to v and falls from there on
  Real utility{};     ///< the generalist's, gross of what is fixed

 private:
  struct Spot {
    TiePlace<Real> place;
    Real v{}, value{}, slope{};
    Mask stands{};  ///< it is held there, and both gain
  };

  void look(Spot& spot, Mask wanted, double good) const {
    const Specialist<Real>& side = play_.specialists.front();
    TiePlace<Real>& p = spot.place;
    p.find(play_, labour_, spot.v, wanted, good, 20);
    const Real own = p.own - play_.fixed - play_.outside, its = p.its - side.fixed - side.outside, zero(0.0);
    spot.stands = wanted & p.pays & (own > zero) & (its > zero);
    spot.value = fma(play_.weight, log(own), side.weight * log(its));
    spot.slope = fma(play_.weight, p.own_slope / own, side.weight * p.its_slope / its);
  }
  static Spot moved(const Spot& last, Real logit) {
    Spot spot = last;
    const Real h = logit - last.v;
    spot.place.b = fma(h, last.place.b_slope, last.place.b), spot.place.z = fma(h, last.place.z_slope, last.place.z);
    spot.place.y = fma(h, last.place.y_slope, last.place.y), spot.v = logit;
    return spot;
  }
  static void take(Spot& spot, const Spot& other, Mask where) {
    const auto put = [&](Real& number, Real now) { number = select(where, now, number); };
    for (Real Spot::*of : {&Spot::v, &Spot::value, &Spot::slope}) put(spot.*of, other.*of);
    using Place = TiePlace<Real>;
    for (Real Place::*of : {&Place::b, &Place::z, &Place::y, &Place::b_slope, &Place::z_slope, &Place::y_slope,
                            &Place::own, &Place::its, &Place::performance, &Place::revenue, &Place::share})
      put(spot.place.*of, other.place.*of);
  }

  /// Secant steps on the slope, from a share at which it stands, between two others.
  void climb(Real low, Real high) {
    const Real zero(0.0), half(0.5);
    look(top_, done, 1e-10);
    Mask active = done & top_.stands;
    done = active & !active;
    // By what v would have changed by the slope, at first not known.
    Real turn = zero;
    for (int k = 0; k < 40 && any(active); ++k) {
      const Mask up = top_.slope > zero;
      low = select(active & up, max(low, top_.v), low), high = select(active & !up, min(high, top_.v), high);
      const Real secant = top_.v - top_.slope * turn;
      const Mask inside = (turn < zero) & (secant > low) & (secant < high);
      const Real next = select(inside, secant, half * (low + high));
      Spot trial = moved(top_, next);
      look(trial, active, 1e-10);
      const Mask stands = active & trial.stands, fails = active & !trial.stands;
      low = select(fails & (next < top_.v), next, low), high = select(fails & (next > top_.v), next, high);
      const Real h = next - top_.v;
      const Mask there = stands & inside & (abs(h) < Real(1e-9)), tells = stands & (abs(h) > Real(1e-12));
      turn = select(tells, h / (trial.slope - top_.slope), turn);
      take(top_, trial, stands);
      done = done | there, active = active & !there & (high - low > Real(1e-13));
    }
  }

  /// The slope tells of one top where it falls from look to look.
  void walk_down(double side, Real& end) const {
    const Real zero(0.0);
    end = top_.v;
    Spot spot = top_;
    Mask on = done;
    double step = side * first_step;
    for (int k = 0; k < looks && any(on); ++k, step *= wider) {
      spot = moved(spot, spot.v + Real(step));
      look(spot, on, 1e-7);
      on = on & spot.stands & (Real(side) * spot.slope < zero);
      end = select(on, spot.v, end);
    }
  }

  void show() {
    const Real zero(0.0);
    const Specialist<Real>& side = play_.specialists.front();
    const TiePlace<Real>& p = top_.place;
    Contribution<Real>& c = trace.at[0];
    v = top_.v, value = top_.value, utility = p.own;
    trace.v = v, trace.share = p.share, trace.a0 = exp(p.b), trace.generalist = p.own - play_.fixed;
    trace.miss0 = zero;
    c.performance = p.performance, c.revenue = p.revenue, c.utility = p.its - side.fixed;
  }

  static constexpr double first_step = 0.004, wider = 1.4;
  static constexpr int looks = 13;

  const Play<Real>& play_;
  Labour<Real> labour_;
  Spot top_{};
};

}  // namespace haggle::fine_tuning
