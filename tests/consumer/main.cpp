// SPDX-License-Identifier: MIT
// Linear revenue, quadratic costs, (c₀, c₁) = (2, 1), Nash: the generalist's share is 0.37716, where the derivative of
// the product of the two closed-form utilities vanishes.
#include <cmath>
#include <cstdio>
#include <haggle/executor/dispatch.hpp>
#include <haggle/sweep/spec.hpp>
#include <vector>

int main() {
  const haggle::Plan plan = haggle::read_spec(R"(
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: 2}}
specialists: [{name: D, revenue: {elasticity: 1}, cost: {coefficient: 1}}]
bargaining: {solution: nash}
)",
                                              "consumer");
  std::vector<std::vector<double>> parameters;
  std::vector<haggle::Status> status;
  haggle::Evaluator(plan).evaluate({}, 1, parameters, status);

  std::vector<const double*> in;
  for (const auto& column : parameters) in.push_back(column.data());
  std::vector<double> results(plan.game->columns());
  std::vector<double*> out;
  for (auto& result : results) out.push_back(&result);
  haggle::block_solver(*plan.game, haggle::best_instruction_set())(in.data(), out.data(), 1);

  for (std::size_t i = 0; i < plan.game->outputs.size(); ++i) {
    if (plan.game->outputs[i].name != "share") continue;
    const double share = results[plan.game->first_column(i)];
    std::printf("share = %.9f\n", share);
    return std::abs(share - 0.37716) < 1e-5 ? 0 : 1;
  }
  return 1;
}
