// SPDX-License-Identifier: MIT
#include "haggle/model/fine_tuning.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "expression_laws.hpp"
#include "fine_tuning_outputs.hpp"
#include "function_rows.hpp"
#include "table_builder.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr Domain unit_interval{0, 1};
constexpr Domain any_number{};
constexpr std::array<std::string_view, 2> contracts{"uniform", "per_domain"};
constexpr std::size_t preset_components = 8, most_components = 64;
constexpr std::size_t preset_frontier = 64, most_frontier = 1024;

bool all_known(std::span<const double> numbers) {
  return std::none_of(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); });
}

/// Each expression must be a revenue or a cost.
std::vector<Law> laws_of(const GameTable& game) {
  const Form& form = static_cast<const Table&>(game).form;
  std::vector<Law> laws;
  const auto add = [&](const FunctionForm& function, const std::string& path, bool cost) {
    if (function.formula.text().empty()) return;
    laws.push_back({path + ".expression", function.first, function.count,
                    [&function, cost](const double* numbers) { return find_flaw(function.formula, numbers, cost); }});
  };
  add(form.cost, "generalist.cost", true);
  for (std::size_t i = 0; i < form.specialists.size(); ++i) {
    const std::string path = "specialists[" + std::to_string(i) + "]";
    add(form.specialists[i].revenue, path + ".revenue", false);
    add(form.specialists[i].cost, path + ".cost", true);
  }
  return laws;
}

/// What the outline alone told, the flaws of expressions whose numbers are all constants, and weights that say nothing.
std::vector<Complaint> complaints_of(const GameTable& game, std::span<const double> constants) {
  const auto& table = static_cast<const Table&>(game);
  std::vector<Complaint> complaints = table.own_complaints;
  for (const Law& law : laws_of(game)) {
    const auto numbers = constants.subspan(law.first, law.count);
    if (!all_known(numbers)) continue;
    if (auto flaw = law.find_flaw(numbers.data())) complaints.push_back({law.path, std::move(*flaw)});
  }
  bool weightless = table.form.specialists.size() > 1;
  for (const SpecialistForm& specialist : table.form.specialists)
    weightless = weightless && constants[specialist.weight] == 0;
  if (weightless)
    complaints.push_back(
        {"specialists[0].bargaining_weight", "every specialist's bargaining_weight is 0; one must be > 0"});
  return complaints;
}

constexpr GameRules rules{complaints_of, laws_of};

class TableMaker {
 public:
  explicit TableMaker(const Outline& outline) : outline_(outline) {}

  std::shared_ptr<const GameTable> make() {
    name_specialists();
    if (text_at(below(&outline_, "bargaining"), "contract") == contracts[1]) form_.contract = Contract::per_domain;
    generalist();
    for (std::size_t i = 0; i < n(); ++i) specialist(i);
    bargaining();
    pareto();
    add_outputs(table_);
    const std::shared_ptr<Table> table = table_.finish();
    table->name = power_law::table.name;
    table->title = "Fine-tuning game";
    table->source = "arXiv 2308.04399, sections 2 to 5";
    table->kernel = "fine_tuning";
    const bool sets = form_.components + form_.frontier > 0 || asks_for("pareto_efficient");
    table->least_block = form_.contract == Contract::per_domain ? 1 : sets ? 4 : 64;
    table->rules = &rules;
    return table;
  }

 private:
  std::size_t n() const { return form_.specialists.size(); }
  bool alone() const { return n() == 1; }

  bool asks_for(std::string_view output) const {
    const Outline* outputs = outline_.find("outputs");
    return outputs && std::ranges::any_of(outputs->items, [&](const Outline& item) { return item.text == output; });
  }

  /// What the spec says of that specialist; null when it says nothing.
  const Outline* said(std::size_t i) const {
    const Outline* list = below(&outline_, "specialists");
    return list && i < list->items.size() ? &list->items[i] : nullptr;
  }

  void name_specialists() {
    const Outline* list = below(&outline_, "specialists");
    form_.specialists.resize(std::clamp<std::size_t>(list ? list->items.size() : 1, 1, most_specialists));
    std::set<std::string> seen{std::string(everyone)};
    for (std::size_t i = 0; i < n(); ++i) {
      std::string& name = form_.specialists[i].name;
      name = text_at(said(i), "name");
      if (name.empty()) name = preset_name(i);
      if (!alone() && !seen.insert(name).second)
        table_.complain(path(i) + ".name", name == everyone ? "no specialist can be named `all`: that means all of them"
                                                            : "two specialists are named `" + name + "`");
    }
  }

  std::string preset_name(std::size_t i) const { return alone() ? "D" : "D" + std::to_string(i + 1); }
  static std::string path(std::size_t i) { return "specialists[" + std::to_string(i) + "]"; }
  /// "the specialist's", or by name where there are several.
  std::string whose(std::size_t i) const { return alone() ? "the specialist's" : form_.specialists[i].name + "'s"; }
  std::string who(std::size_t i) const { return alone() ? "the specialist" : form_.specialists[i].name; }
  std::string suffix(std::size_t i) const { return alone() ? "" : "_" + std::to_string(i + 1); }
  std::string of(std::string_view symbol, std::size_t i) const {
    return std::string(symbol) + (alone() ? "" : subscript(i + 1));
  }

  std::size_t fixed_cost(const FunctionOwner& owner) {
    return table_.parameter({"f" + owner.index, owner.path + ".fixed", "f" + owner.subscript,
                             owner.whose + " fixed cost, paid by whoever takes part", non_negative_number, 0.0});
  }

  void generalist() {
    const FunctionOwner owner{"generalist.cost", "the generalist's", subscript(0), "", "0"};
    form_.cost = add_function(table_, cost_kind, below(below(&outline_, "generalist"), "cost"), owner);
    form_.fixed = fixed_cost(owner);
    form_.outside = copied(power_law::generalist_outside_column);
  }

  void specialist(std::size_t i) {
    SpecialistForm& form = form_.specialists[i];
    table_.word(path(i) + ".name", whose(i) + " name in messages, files and plots", {}, table_.keep(preset_name(i)));
    const std::string index = std::to_string(i + 1);
    const FunctionOwner earner{path(i) + ".revenue", whose(i), alone() ? "" : subscript(i + 1), suffix(i), index};
    form.revenue = add_function(table_, revenue_kind, below(said(i), "revenue"), earner);
    const FunctionOwner payer{path(i) + ".cost", whose(i), subscript(i + 1), suffix(i), index};
    form.cost = add_function(table_, cost_kind, below(said(i), "cost"), payer);
    form.fixed = fixed_cost(payer);
    form.outside = table_.parameter({"specialist_outside_option" + suffix(i), path(i) + ".outside_option",
                                     alone() ? "d_D" : "d" + subscript(i + 1), "what " + who(i) + " has without a deal",
                                     any_number, 0.0});
    if (!alone())
      form.weight =
          table_.parameter({"weight" + suffix(i), path(i) + ".bargaining_weight", "v" + subscript(i + 1),
                            whose(i) + " bargaining weight beside the other specialists'", non_negative_number, 1.0});
    if (form_.contract == Contract::per_domain)
      form.share = table_.parameter({"fixed_share" + suffix(i), path(i) + ".share", of("δ", i),
                                     "the generalist's share of " + whose(i) + " revenue under solution `fixed`",
                                     unit_interval, 0.5});
  }

  void bargaining() {
    form_.solution = copied(power_law::solution_column);
    form_.weight =
        table_.parameter({"weight", "bargaining.weight", "w_G",
                          "the generalist's bargaining weight, 1/(n+1) with n specialists; they have the rest",
                          unit_interval, 1.0 / static_cast<double>(n() + 1)});
    if (form_.contract == Contract::uniform) form_.share = copied(power_law::fixed_share_column);
    std::vector<std::size_t> shares{form_.share};
    if (form_.contract == Contract::per_domain) {
      shares.clear();
      for (const SpecialistForm& specialist : form_.specialists) shares.push_back(specialist.share);
      if (n() > most_domains)
        table_.complain("bargaining.contract", "contract per_domain has at most " + std::to_string(most_domains) +
                                                   " specialists; " + std::to_string(n()) + " given");
    }
    const auto fixed = power_law::solution_names[static_cast<std::size_t>(Solution::fixed)];
    for (const std::size_t share : shares) table_.require(share, form_.solution, fixed);
    table_.word("bargaining.contract", "one share for all domains, or one each", contracts);
    std::vector<std::string_view> names{everyone};
    for (const SpecialistForm& specialist : form_.specialists) names.push_back(table_.keep(specialist.name));
    const std::string_view powerful = text_at(below(&outline_, "bargaining"), "specialist");
    for (std::size_t i = 0; i < n(); ++i)
      if (names[i + 1] == powerful && powerful != everyone) form_.powerful = i;
    table_.word("bargaining.specialist", "whose utility `powerful_specialist` means", table_.keep(std::move(names)));
  }

  /// How much of the Pareto set is kept: rows of the table, so no axes.
  void pareto() {
    const Outline* pareto = below(&outline_, "pareto");
    if (!pareto) return;
    if (form_.contract == Contract::uniform)
      form_.components = whole(
          pareto, "components",
          "how many components of the Pareto set are kept, from the lowest shares on; not with contract per_domain", 1,
          most_components, preset_components);
    form_.frontier =
        whole(pareto, "frontier",
              "how many points of the Pareto frontier, over the components kept; a sample with contract per_domain", 2,
              most_frontier, preset_frontier);
  }

  std::size_t whole(const Outline* map, std::string_view key, std::string meaning, std::size_t least, std::size_t most,
                    std::size_t preset) {
    const std::string where = "pareto." + std::string(key);
    const std::string domain = "a whole number, " + std::to_string(least) + " … " + std::to_string(most);
    table_.word(where, std::move(meaning), {}, table_.keep(std::to_string(preset)), {},
                table_.keep(std::string(domain)));
    const Outline* said = below(map, key);
    if (!said || !said->entries.empty() || !said->items.empty() || said->text.empty()) return preset;
    std::size_t value = 0;
    const char* last = said->text.data() + said->text.size();
    const auto [end, error] = std::from_chars(said->text.data(), last, value);
    if (error == std::errc{} && end == last && value >= least && value <= most) return value;
    table_.complain(where, std::string(key) + " must be " + domain);
    return preset;
  }

  /// A row that means the same in the power-law game.
  std::size_t copied(power_law::ParameterColumn row) {
    const Parameter& p = power_law::table.parameters[row];
    return table_.parameter({std::string(p.name), std::string(p.path), std::string(p.symbol), std::string(p.meaning),
                             p.domain, p.preset, p.choices});
  }

  static constexpr std::string_view everyone = "all";
  const Outline& outline_;
  TableBuilder table_;
  Form& form_ = table_.form();
};

}  // namespace

std::shared_ptr<const GameTable> make_table(const Outline& outline) { return TableMaker(outline).make(); }

}  // namespace haggle::fine_tuning
