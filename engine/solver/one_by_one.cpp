// SPDX-License-Identifier: MIT
#include "haggle/solver/one_by_one.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "haggle/solver/domain_frontier.hpp"
#include "haggle/solver/per_domain_bargain.hpp"
#include "solver/domain_decomposition.hpp"
#include "solver/domain_line.hpp"
#include "solver/game_columns.hpp"
#include "solver/spe_payoffs.hpp"
#include "solver/uniform_bargain.hpp"

namespace haggle::fine_tuning {
namespace {

/// One game after the other, in a block's columns.
class OneByOne {
 public:
  OneByOne(const Form& form, const double* const* parameters, double* const* outputs)
      : form_(form),
        in_(parameters),
        columns_(form, outputs),
        play_(form),
        bargain_(solver_),
        shares_(form.specialists.size()) {}

  void operator()(std::size_t game) {
    play_.read(form_, [&](std::size_t column) { return in_[column][game]; });
    const auto solution = static_cast<Solution>(static_cast<int>(in_[form_.solution][game]));
    Status status = agree(solution);
    if (status == Status::solved && !equilibrium_.in_domain) status = Status::out_of_domain;
    if (status == Status::solved && equilibrium_.overflow) status = Status::overflow;
    if (status == Status::solved && !equilibrium_.settled) status = Status::not_converged;
    if (status == Status::solved && !equilibrium_.deal) status = Status::no_deal;
    if (status == Status::solved)
      columns_.write_equilibrium(game, shares_, equilibrium_);
    else
      columns_.write_apart(game, status, play_);
    if (is_failure(status)) return;
    write_beside(game, solution, status);
    if (solver_.is_exhausted()) columns_.write_apart(game, Status::not_converged, play_);
  }

 private:
  /// What there is to say beside the bargain: of one owner, of all bargains.
  void write_beside(std::size_t game, Solution solution, Status status) {
    if (columns_.wants_first_best()) {
      double surplus = status == Status::solved ? equilibrium_.surplus() : play_.outside;
      if (status == Status::no_deal)
        for (const Specialist<double>& s : play_.specialists) surplus += s.outside;
      columns_.write_first_best(game, solver_.first_best_surplus(), surplus);
    }
    const bool set = columns_.wants_components() || columns_.wants_frontier();
    const bool efficient = columns_.wants_efficient() && status == Status::solved;
    if (!set && !efficient) return;
    if (!takes_all_shares(solution)) {
      write_no_pareto(game);
      if (efficient) columns_.write_efficient(game, std::nullopt);
    } else if (form_.contract == Contract::uniform) {
      write_pareto(game, status == Status::solved);
    } else {
      if (set) write_domain_frontier(game);
      if (efficient) write_domain_efficient(game);
    }
  }

  /// The shares and what then happens, or why there are none.
  Status agree(Solution solution) {
    const bool uniform = form_.contract == Contract::uniform;
    if (solution == Solution::fixed) {
      for (std::size_t i = 0; i < shares_.size(); ++i)
        shares_[i] = share_of(uniform ? play_.share : play_.specialists[i].share);
      if (const Status wrong = solver_.start(play_, shares_); wrong != Status::pending) return wrong;
      equilibrium_ = solver_(shares_);
      return Status::solved;
    }
    if (const Status wrong = solver_.start(play_); wrong != Status::pending) return wrong;
    const Agreement agreed = bargain_(solution, form_.powerful);
    if (uniform) {
      if (agreed.status != Status::solved) return agreed.status;
      shares_.assign(shares_.size(), agreed.share);
      equilibrium_ = *agreed.equilibrium;
      return Status::solved;
    }
    return agree_by_domain(solution, agreed);
  }

  /// From the uniform bargain on, where there is one.
  Status agree_by_domain(Solution solution, const Agreement& agreed) {
    const std::size_t n = shares_.size();
    BargainTerms terms{solution, {play_.weight}, {play_.outside}, form_.powerful};
    for (const Specialist<double>& s : play_.specialists) {
      terms.weight.push_back(s.weight);
      terms.outside.push_back(s.outside);
    }
    std::vector<std::vector<double>> known;
    if (agreed.status == Status::solved) known.emplace_back(n, agreed.share.generalist);
    solver_.allow(2 + searches(terms));
    SpePayoffs payoffs(solver_);
    DomainLine line(solver_);
    DomainDecomposition decomposition(play_);
    const DomainBargain best = solve_per_domain(payoffs, n, terms, known, std::ref(line), std::ref(decomposition));
    if (!payoffs.in_domain()) return Status::out_of_domain;
    if (payoffs.overflow()) return Status::overflow;
    if (!best.deal) return payoffs.settled() ? Status::no_deal : Status::not_converged;
    for (std::size_t i = 0; i < n; ++i) shares_[i] = share_of(best.shares[i]);
    solver_.forget();  // as it was when it was found best
    equilibrium_ = solver_(shares_);
    return equilibrium_.deal ? Status::solved : Status::not_converged;
  }

  /// The Pareto set is over all shares, whatever the bargain is limited to.
  bool takes_all_shares(Solution solution) {
    return solution != Solution::fixed || solver_.start(play_) == Status::pending;
  }

  void write_no_pareto(std::size_t game) {
    columns_.write_components(game, {}, false);
    for (std::size_t k = 0; k < form_.frontier; ++k) columns_.write_frontier(game, k, {}, {});
  }

  void write_pareto(std::size_t game, bool deal) {
    const std::array<double, 1> known{shares_.front().generalist};
    SpePayoffs payoffs(solver_);
    const PayoffCurve curve(payoffs, shares_.size(), deal ? std::span<const double>(known) : std::span<const double>());
    if (deal && columns_.wants_efficient())
      columns_.write_efficient(game, is_pareto(curve, known.front(), utilities()));
    if (!columns_.wants_components() && !columns_.wants_frontier()) return;
    const std::vector<ShareInterval> components = pareto_components(curve);
    columns_.write_components(game, components);
    if (!columns_.wants_frontier()) return;
    const std::vector<double> along = spread_over(components, form_.frontier);
    for (std::size_t k = 0; k < form_.frontier; ++k)
      if (k < along.size())
        columns_.write_frontier(game, k, std::span(along).subspan(k, 1), curve.at(along[k]).utility);
      else
        columns_.write_frontier(game, k, {}, {});
  }

  /// In the deal at hand, the generalist's first.
  std::vector<double> utilities() const {
    std::vector<double> all{equilibrium_.generalist_utility};
    for (const SpecialistMove& s : equilibrium_.specialists) all.push_back(s.utility);
    return all;
  }
  std::vector<double> outside_options() const {
    std::vector<double> all{play_.outside};
    for (const Specialist<double>& s : play_.specialists) all.push_back(s.outside);
    return all;
  }

  void write_domain_frontier(std::size_t game) {
    SpePayoffs payoffs(solver_);
    const std::vector<FrontierPoint> points =
        domain_frontier(payoffs, shares_.size(), outside_options(), form_.frontier);
    for (std::size_t k = 0; k < form_.frontier; ++k)
      if (k < points.size())
        columns_.write_frontier(game, k, points[k].shares, points[k].utility);
      else
        columns_.write_frontier(game, k, {}, {});
  }

  void write_domain_efficient(std::size_t game) {
    std::vector<double> shares;
    for (const Share& share : shares_) shares.push_back(share.generalist);
    if (solver_.is_exhausted()) return;       // ends not_converged
    solver_.allow(2 * (shares_.size() + 3));  // as much again as the dearest bargain may take
    SpePayoffs payoffs(solver_);
    columns_.write_efficient(game, is_pareto(payoffs, shares, outside_options()));
  }

  const Form& form_;
  const double* const* in_;
  GameColumns columns_;
  Play<double> play_;
  SpeSolver solver_;
  UniformBargain bargain_;
  std::vector<Share> shares_;
  Equilibrium equilibrium_;
};

}  // namespace

void solve_one_by_one(const Form& form, const double* const* parameters, double* const* outputs,
                      const std::size_t* where, std::size_t count) {
  if (count == 0) return;
  OneByOne solve(form, parameters, outputs);
  for (std::size_t i = 0; i < count; ++i) solve(where[i]);
}

}  // namespace haggle::fine_tuning
