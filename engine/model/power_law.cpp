// SPDX-License-Identifier: MIT
#include "haggle/model/power_law.hpp"

#include "haggle/core/status.hpp"

namespace haggle::power_law {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr Domain positive{0, inf, true, false};
constexpr Domain above_one{1, inf, true, false};
constexpr Domain unit_interval{0, 1};
constexpr Domain any_number{};

constexpr std::array<Parameter, parameter_count> parameters{{
    {"c0", "generalist.cost.coefficient", "c₀", "1", "the generalist's cost coefficient, φ₀(α₀) = c₀ α₀^k₀", positive},
    {"k0", "generalist.cost.exponent", "k₀", "1", "the generalist's cost exponent", above_one, 2.0},
    {"generalist_outside_option", "generalist.outside_option", "d_G", "1", "what the generalist has without a deal",
     any_number, 0.0},
    {"scale", "specialists[].revenue.scale", "R", "1", "revenue at performance 1, r(α) = R α^ε", positive, 1.0},
    {"elasticity", "specialists[].revenue.elasticity", "ε", "1", "revenue elasticity, r(α) = R α^ε", positive},
    {"c1", "specialists[].cost.coefficient", "c₁", "1", "the specialist's cost coefficient, φ₁(x) = c₁ x^k₁", positive},
    {"k1", "specialists[].cost.exponent", "k₁", "1", "the specialist's cost exponent", above_one, 2.0},
    {"specialist_outside_option", "specialists[].outside_option", "d_D", "1", "what the specialist has without a deal",
     any_number, 0.0},
    {"solution", "bargaining.solution", "", "1", "how the revenue share is bargained", Domain{0, 7}, 1.0,
     solution_names},
    {"weight", "bargaining.weight", "w_G", "1", "the generalist's bargaining weight; the specialist has the rest",
     unit_interval, 0.5},
    {"fixed_share", "bargaining.share", "δ", "1", "the generalist's revenue share under solution `fixed`",
     unit_interval, 0.5},
}};

constexpr std::array<Requirement, 1> requirements{{{"fixed_share", "solution", "fixed"}}};

constexpr std::array<std::string_view, 1> revenue_families{"isoelastic"};
constexpr std::array<std::string_view, 1> contracts{"uniform"};
constexpr std::array<Word, 3> words{{
    {"specialists[].name", "the specialist's name in messages and plots", {}, "D"},
    {"specialists[].revenue.family", "the form of the revenue function", revenue_families},
    {"bargaining.contract", "what the players bargain over", contracts},
}};

constexpr auto status_codes = [] {
  std::array<Code, status_meanings.size()> codes{};
  for (std::size_t i = 0; i < codes.size(); ++i)
    codes[i] = {static_cast<std::int8_t>(status_meanings[i].status), status_meanings[i].name};
  return codes;
}();
constexpr std::array<Code, 4> generalist_regimes{{{0, "unsolved"}, {1, "invests"}, {2, "idle"}, {3, "abstains"}}};
constexpr std::array<Code, 4> specialist_regimes{
    {{0, "unsolved"}, {1, "contributor"}, {2, "free_rider"}, {3, "abstainer"}}};

constexpr std::array<Output, output_count> outputs{{
    {"status", "1", "What became of the game", status_codes},
    {"share", "1", "Generalist's revenue share", {}},
    {"base_performance", "1", "Performance of the generalist's technology", {}},
    {"performance", "1", "Performance brought to market", {}},
    {"generalist_utility", "1", "Generalist's utility", {}},
    {"specialist_utility", "1", "Specialist's utility", {}},
    {"surplus", "1", "Sum of utilities", {}},
    {"revenue", "1", "Revenue", {}},
    {"generalist_regime", "1", "What the generalist does", generalist_regimes},
    {"specialist_regime", "1", "What the specialist does", specialist_regimes},
    {"residual", "1", "Mismatch of the generalist's first-order condition", {}},
}};

constexpr std::array<std::string_view, 2> investments{"base_performance", "performance"};
constexpr std::array<std::string_view, 2> utilities{"generalist_utility", "specialist_utility"};
constexpr std::array<std::string_view, 2> regimes{"generalist_regime", "specialist_regime"};
constexpr std::array<OutputGroup, 3> output_groups{
    {{"investment", investments}, {"utility", utilities}, {"regime", regimes}}};

}  // namespace

constinit const GameTable table{"fine_tuning",
                                "Fine-tuning game with one specialist, isoelastic revenue and power costs",
                                "arXiv 2308.04399, section 3",
                                parameters,
                                outputs,
                                requirements,
                                words,
                                output_groups,
                                {},
                                "power_law"};

}  // namespace haggle::power_law
