// SPDX-License-Identifier: MIT
// Single games that the fast path has to settle by itself, each for what is peculiar to it.
#include <doctest/doctest.h>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

/// The fast path leaves none of them, and is as good as the slow one.
void check_settled(const std::vector<GeneralGame>& games) {
  check_nash(games);
  const auto table = table_of(games.front());
  Solved solved(*table, games, false);
  const std::size_t left = left_by_fast_path(*table, solved);
  INFO("left: ", left > 0 ? text(games[solved.where.front()]) : "");
  CHECK(left == 0);
}

}  // namespace

// k between 3/2 and 2: the generalist jumps from contributing to riding free where the curve of contributing is about
// to fold. In the first the jump is too small for numbers; in the others the share of the fold is 1e-7 to 1e-3 logits
// from where riding free begins.
TEST_CASE("the share at which a jump begins is found however near the fold it is") {
  check_nash({nash_game({Family::power, {0, 0.25531578219488082, 2.269230029493194}}, 0.40222527581564055,
                        {Family::isoelastic, {0.51373741428156217, 0.84476253290887304}},
                        {Family::power, {0.17579826183188341, 0.26419525679810729, 1.5118794224790377}})});
  check_settled({nash_game({Family::power, {0, 0.7553976808132814, 2.579438681114036}}, 0.50016242171427139,
                           {Family::isoelastic, {0.52495113270491223, 0.35778318444805823}},
                           {Family::power, {0.17956670021902404, 3.9439785628234882, 1.8215022073310343}})});
  check_settled({nash_game({Family::power, {0, 0.59477846506169241, 1.509609984103397}}, 0.16925994648368334,
                           {Family::logarithmic, {0.68122176942137525, 0.91242712275899507}},
                           {Family::power, {0.18836690190549593, 1.0702861241964206, 1.6023891758332114}}),
                 nash_game({Family::power, {0, 0.1560072774768102, 2.7590740325120171}}, 0.87509634825814731,
                           {Family::logarithmic, {1.4335422205612529, 2.7339787666965014}},
                           {Family::power, {0.031624808789950443, 1.839416404472547, 1.8038412109086055}})});
}

// By forty digits, the two peaks are equal at logit 0.847319576; the slow path finds it 1.4e-8 lower.
TEST_CASE("a jump's share is right to ten digits where both peaks rise alike") {
  const GeneralGame game =
      nash_game({Family::power, {0.074913406028688012, 0.93833082188627659, 1.9582075847489313}}, 0.30589272652535249,
                {Family::logarithmic, {2.0042424423077314, 3.6291424956359526}},
                {Family::power, {0.15914317879243994, 3.2342875658054853, 1.6879000392831804}});
  const auto table = table_of(game);
  for (const InstructionSet isa : supported_instruction_sets()) {
    const double share = solve_fast(*table, {game}, isa)[table->form.outputs.share][0];
    CHECK(std::log(share / (1 - share)) == doctest::Approx(0.847319576047).epsilon(1e-10));
  }
}

TEST_CASE("a game in which nobody's first bit of investment pays is settled: all have nothing, at all of revenue") {
  const GeneralGame game =
      nash_game({Family::power, {0.12511151233400047, 2.2309979760557743, 2.2962446124057014}}, 0.64084435052936661,
                {Family::logarithmic, {0.50324525034688272, 4.4137749945630711}},
                {Family::power, {0.19321565215358083, 4.213011567657615, 2.586203276171239}});
  check_settled({game});
  const auto table = table_of(game);
  const Columns solved = solve_fast(*table, {game}, best_instruction_set());
  CHECK(solved[table->form.outputs.share][0] == 1);
  CHECK(solved[table->form.outputs.surplus][0] == 0);
}

TEST_CASE("two peaks of nearly the same product are told apart") {
  check_settled({nash_game({Family::power, {0, 2.2025041249318602, 1.6850973150638531}}, 0.072732725096679343,
                           {Family::exponential_saturation, {0.84628285520338609, 0.33852765447541489}},
                           {Family::power, {0, 4.3879677168128497, 1.7622125316085993}})});
  check_settled({nash_game({Family::power, {0, 0.31417666822985096, 1.5165410449500751}}, 0.17236129762050159,
                           {Family::logarithmic, {0.97501440804839501, 3.1260649679403363}},
                           {Family::power, {0, 0.71501145579973657, 2.1185193522632249}})});
}

// Of the first the specialist is held at its dues; in the second the generalist would lack 1 % of its own at best.
TEST_CASE("deals that hardly pay, or hardly do not, are settled") {
  check_settled({nash_game({Family::power, {0, 5.9158450332744659, 1.8033436360844675}}, 0.12212816151201217,
                           {Family::logarithmic, {1.4428907549019221, 1.784741816054757}},
                           {Family::power, {0, 4.4899626409841824, 1.7424552443993779}}, 0.0059206470245869829,
                           0.01776249973322655),
                 nash_game({Family::power, {0, 1.8189010461828905, 1.5514036599022785}}, 0.78696859619484305,
                           {Family::logarithmic, {0.75153352970208021, 3.6562918583548649}},
                           {Family::power, {0, 2.0337299510581848, 1.9955708913759735}}, 0.0023077660039563332,
                           0.0026240674697263809)});
}

// Contributing begins where the generalist would rather have the specialist ride free.
TEST_CASE("riding free may be the better peak before contributing begins") {
  check_settled(
      {nash_game({Family::power, {0.024795460935088578, 0.13775478593394141, 2.7592084637023868}}, 0.41998476305520205,
                 {Family::hill, {0.54236870126985304, 4.3787879526611215, 0.6804488817482186}},
                 {Family::power, {0.17713556383861562, 1.1047916805237314, 2.9260372356981863}}),
       nash_game({Family::power, {0.16992967310684765, 2.5928433138504041, 1.9931676231864937}}, 0.34686443276002865,
                 {Family::hill, {0.74946507638557913, 2.8041865408058344, 0.49716184442423883}},
                 {Family::power, {0.19707178657364507, 0.24075963817994739, 1.6496252205068311}})});
}

// The generalist's best investment with this specialist is beyond reach: it loses by it at any share.
TEST_CASE("where the generalist would invest beyond reach there is no deal") {
  const std::vector<GeneralGame> games{
      nash_game({Family::power, {0, 1.1677918079463783, 1.491464217996477}}, 0.5890515115761723,
                {Family::hill, {1, 1, 9.6260020238356656}},
                {Family::power, {0, 3.5901098647939729, 2.2623315628169989}}, 0, 0.012475546966828434),
      nash_game({Family::power, {0, 0.99514350605992818, 1.4357426783123812}}, 0.58261304708983519,
                {Family::hill, {1, 1, 8.481895612265884}}, {Family::power, {0, 2.4998137366430222, 2.5182709821197533}},
                0, 0.032116025650964032)};
  const auto table = table_of(games.front());
  const Columns solved = solve_slowly(*table, games);
  for (const double status : solved[table->form.outputs.status]) CHECK(status == static_cast<double>(Status::no_deal));
}

}  // namespace haggle::test
