// SPDX-License-Identifier: MIT
#include "summary.hpp"

#include <iomanip>
#include <sstream>

namespace haggle::test {
namespace {

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

}  // namespace

void Summary::add(const Comparison& comparison) {
  ++games_;
  findings_ += comparison.findings.size();
  refused_ += comparison.refused;
  cut_short_ += comparison.cut_short;
  wrong_stages_ += comparison.wrong_stages;
  better_ideals_ += comparison.better_ideals;
  engine_seconds_ += comparison.engine_seconds;
  slowest_ = std::max(slowest_, comparison.slowest);
  for (const Judgement& judgement : comparison.judgements) {
    Row& row = rows_[static_cast<std::size_t>(judgement.solution)];
    ++row.counts[static_cast<std::size_t>(judgement.verdict)];
    if (is_compared(judgement.verdict)) row.advantage = std::max(row.advantage, judgement.advantage);
  }
}

std::string Summary::table() const {
  std::ostringstream out;
  out << std::setw(20) << std::left << "" << std::right << std::setw(9) << "compared";
  for (const VerdictText& verdict : verdict_texts) out << "  " << verdict.heading;
  out << "  largest advantage\n";
  for (const oracle::Solution solution : all_solutions) {
    if (solution == oracle::Solution::fixed) continue;
    const Row& row = rows_[static_cast<std::size_t>(solution)];
    std::size_t compared = 0;
    for (std::size_t v = 0; v < row.counts.size(); ++v)
      if (is_compared(static_cast<Verdict>(v))) compared += row.counts[v];
    out << std::setw(20) << std::left << power_law::solution_names[static_cast<std::size_t>(solution)] << std::right
        << std::setw(9) << compared;
    for (std::size_t v = 0; v < row.counts.size(); ++v)
      out << std::setw(2 + static_cast<int>(verdict_texts[v].heading.size())) << row.counts[v];
    out << std::setw(19) << std::setprecision(2) << row.advantage << '\n';
  }
  return out.str();
}

std::string Summary::text() const {
  std::ostringstream out;
  out << table();
  const auto explain = [&](Verdict verdict) {
    const auto& [heading, meaning] = verdict_texts[static_cast<std::size_t>(verdict)];
    out << "  " << std::setw(10) << std::left << heading << meaning << '\n';
  };
  for (std::size_t v = 0; v < verdict_texts.size(); ++v) {
    if (static_cast<Verdict>(v) == Verdict::as_good) out << "compared:\n";
    if (static_cast<Verdict>(v) == Verdict::missed_deal) out << "not to be compared, the engine is wrong:\n";
    if (static_cast<Verdict>(v) == Verdict::no_deal) out << "not to be compared, neither is wrong:\n";
    if (static_cast<Verdict>(v) == Verdict::same_share) out << "set aside, beyond what doubles can tell:\n";
    explain(static_cast<Verdict>(v));
  }
  out << "random shares at which the engine's equilibrium pays the generalist less than the reference's: "
      << wrong_stages_ << '\n';
  out << "ideal utilities that brute force missed by more than 1e-9, taken from the engine: " << better_ideals_ << '\n';
  out << "games not compared: " << refused_ << " that the engine does not take up, " << unbounded_ << " unbounded\n";
  out << "games in which brute force left off before all jumps were pinned: " << cut_short_ << '\n';
  out << counted(games_, "game", "games") << ", " << std::fixed << std::setprecision(1) << engine_seconds_
      << " s of the engine, at most " << std::setprecision(2) << slowest_
      << " s for a solution: " << counted(findings_, "finding", "findings") << '\n';
  return out.str();
}

}  // namespace haggle::test
