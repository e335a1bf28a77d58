// SPDX-License-Identifier: MIT
#include "accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "haggle/core/status.hpp"
#include "reference.hpp"

namespace haggle::bench {

Accuracy accuracy_of(const Block& block, power_law::Solution solution) {
  Accuracy accuracy;
  for (std::size_t i = 0; i < block.games(); ++i)
    accuracy.unsolved += block.output(power_law::status_column, i) != static_cast<double>(Status::solved);
  accuracy.checked = references().size();
  for (std::size_t i = 0; i < accuracy.checked; ++i) {
    const Reference& right = references()[i];
    const double share = block.output(power_law::share_column, i);
    const double error = std::abs(share - right.share(solution));
    if (!(error <= 1e-9)) {  // NaN too
      if (right.ties(solution, share)) continue;
      ++accuracy.wrong;
    }
    accuracy.max_error = std::fmax(accuracy.max_error, error);
  }
  return accuracy;
}

std::string scientific(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1e", number);
  return text;
}

namespace {
bool all_right = true;
}
bool all_were_right() { return all_right; }

void report(benchmark::State& state, const Accuracy& accuracy, const std::string& label) {
  all_right = all_right && accuracy.wrong == 0 && accuracy.unsolved == 0;
  state.counters["max_share_error"] = accuracy.max_error;
  state.counters["checked"] = static_cast<double>(accuracy.checked);
  state.counters["wrong"] = static_cast<double>(accuracy.wrong);
  state.counters["unsolved"] = static_cast<double>(accuracy.unsolved);
  state.SetLabel(label + (label.empty() ? "" : ", ") + "share error " + scientific(accuracy.max_error) + ", " +
                 std::to_string(accuracy.wrong) + " of " + std::to_string(accuracy.checked) + " wrong, " +
                 std::to_string(accuracy.unsolved) + " unsolved");
}

}  // namespace haggle::bench
