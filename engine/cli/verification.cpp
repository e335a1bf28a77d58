// SPDX-License-Identifier: MIT
#include "cli/verification.hpp"

#include <algorithm>
#include <cmath>

#include "cli/sample.hpp"
#include "haggle/core/error.hpp"
#include "haggle/storage/result_points.hpp"

namespace haggle::cli {
namespace {

/// Of each column of the game's outputs, as its type in the file has it.
std::vector<double> roundings(const Plan& plan) {
  std::vector<double> all(plan.game->columns(), not_kept);
  for (const std::size_t output : plan.outputs)
    std::fill_n(all.begin() + static_cast<std::ptrdiff_t>(plan.game->first_column(output)), plan.game->width(output),
                !plan.game->outputs[output].codes.empty() ? 0
                : plan.format.float32                     ? 0x1p-23
                                                          : 0x1p-52);
  return all;
}

/// What the spec makes of a point: whether it is to be solved, and its parameters.
struct Wanted {
  Status status;
  std::vector<double> parameters;
};

Wanted wanted_at(Evaluator& evaluator, const std::vector<std::uint64_t>& coordinates) {
  std::vector<std::vector<std::uint64_t>> indices;
  for (const auto i : coordinates) indices.push_back({i});
  std::vector<std::vector<double>> columns;
  std::vector<Status> status(1);
  evaluator.evaluate(indices, 1, columns, status);
  Wanted wanted{status.front(), {}};
  for (const auto& column : columns) wanted.parameters.push_back(column.front());
  return wanted;
}

std::string name_of(Status status) { return std::string(status_meanings[static_cast<std::size_t>(status)].name); }

/// Where functions obey laws that are tried at points only, a game can turn out to be none as it is solved.
bool may_turn_out_undefined(const GameTable& game) { return game.rules && !game.rules->laws(game).empty(); }

/// What the file's status says against the spec; "" when the two agree.
std::string contradiction(Status kept, Status wanted, bool undefined_if_solved) {
  const bool left_out = wanted != Status::pending;
  if (kept == Status::pending || kept == wanted) return "";
  if (left_out) return "the file: " + name_of(kept) + "; the spec: " + name_of(wanted);
  if (kept == Status::excluded || (kept == Status::out_of_domain && !undefined_if_solved))
    return "the file: " + name_of(kept) + "; the spec does not leave it out";
  return "";
}

Certificate wrong_status(std::string reason) {
  Certificate certificate;
  certificate.verdict = Certificate::Verdict::wrong;
  certificate[Measure::status] = not_kept;
  certificate.reason = std::move(reason);
  return certificate;
}

}  // namespace

std::uint64_t Verification::count(Certificate::Verdict verdict) const {
  return static_cast<std::uint64_t>(std::count_if(checked.begin(), checked.end(),
                                                  [&](const Checked& c) { return c.certificate.verdict == verdict; }));
}

Finding Verification::finding() const {
  if (count(Certificate::Verdict::wrong) > 0) return Finding::wrong;
  return count(Certificate::Verdict::sound) > 0 ? Finding::sound : Finding::unchecked;
}

const Checked* Verification::worst(Measure measure) const {
  const Checked* worst = nullptr;
  for (const Checked& c : checked) {
    const double regret = c.certificate[measure];
    if (!std::isnan(regret) && (!worst || regret > worst->certificate[measure])) worst = &c;
  }
  return worst;
}

Verification verify_sample(const Plan& plan, const std::string& file, const SampleOptions& options,
                           const std::function<void(std::uint64_t)>& report) {
  const Verifier certify = find_verifier(*plan.game);
  if (!certify) throw UsageError("the game " + std::string(plan.game->name) + " has no brute-force solver");
  const ResultPoints points(file, plan);
  const std::vector<double> rounding = roundings(plan);
  std::vector<double> outputs(plan.game->columns());
  const bool undefined_if_solved = may_turn_out_undefined(*plan.game);
  Evaluator evaluator(plan);
  Shuffle shuffle(plan.grid.points(), options.seed);

  Verification v;
  // Where hardly anything is solved, the sample stays small: each point drawn is one to be read.
  const std::uint64_t most_drawn = 10000 + 100 * options.games;
  std::uint64_t games = 0;
  for (std::uint64_t drawn = 0; games < options.games && drawn < most_drawn; ++drawn) {
    const auto point = shuffle.next();
    if (!point) break;
    Checked checked{plan.grid.coordinates(*point), {}, {}};
    Wanted wanted = wanted_at(evaluator, checked.coordinates);
    checked.parameters = std::move(wanted.parameters);
    const double code = points.status(checked.coordinates);
    if (!(code >= 0 && code < static_cast<double>(status_meanings.size()))) {
      ++v.of_no_status;
      checked.certificate = wrong_status("its status is " + std::to_string(static_cast<int>(code)) + ", which is none");
      v.checked.push_back(std::move(checked));
      continue;
    }
    const auto status = static_cast<Status>(static_cast<int>(code));
    ++v.drawn[status];
    if (std::string reason = contradiction(status, wanted.status, undefined_if_solved); !reason.empty()) {
      checked.certificate = wrong_status(std::move(reason));
    } else if (status == Status::solved || status == Status::no_deal) {
      points.read(checked.coordinates, outputs);
      checked.certificate = certify({checked.parameters, outputs, rounding, plan.game.get()}, options.effort);
      report(++games);
    } else {
      continue;
    }
    v.checked.push_back(std::move(checked));
  }
  return v;
}

}  // namespace haggle::cli
