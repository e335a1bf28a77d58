// SPDX-License-Identifier: MIT
// S-shaped revenue: the fast path proves which of several peaks is the equilibrium, or leaves the game.
#include <doctest/doctest.h>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

GeneralFunction random_cost(Random& random, double least = 1.5, double most = 3) {
  return {Family::power, {0, random.log_uniform(0.13, 7.4), random.uniform(least, most)}};
}

GeneralFunction s_shaped(Random& random, double steepness) {
  return {Family::hill, {random.log_uniform(0.5, 2), random.log_uniform(0.22, 4.5), steepness}};
}

std::vector<GeneralGame> random_games(std::size_t count, double most_steepness, bool fixed, Random& random) {
  std::vector<GeneralGame> games;
  for (std::size_t i = 0; i < count; ++i) {
    const GeneralFunction cost = random_cost(random), revenue = s_shaped(random, random.uniform(1, most_steepness)),
                          adaptation = random_cost(random);
    games.push_back(nash_game(cost, random.uniform(0.05, 0.95), revenue, adaptation,
                              fixed ? random.uniform(0, 0.02) : 0, fixed ? random.uniform(0, 0.02) : 0));
  }
  return games;
}

/// Others, in which a first bit of adaptation costs something, and of the generalist's investment in every other one.
std::vector<GeneralGame> with_first_costs(std::vector<GeneralGame> games, double most, Random& random) {
  for (std::size_t i = 0; i < games.size(); ++i) {
    games[i].specialists.front().cost.numbers[0] = random.log_uniform(1e-4, most);
    if (i % 2 == 1) games[i].cost.numbers[0] = random.log_uniform(1e-4, most);
  }
  return games;
}

}  // namespace

TEST_CASE("of random games with S-shaped revenue the fast path's bargains are the slow one's") {
  Random random(71);
  for (const double most_steepness : {3.0, 6.0})
    for (const bool fixed : {false, true}) check_nash(random_games(effort(300), most_steepness, fixed, random));
}

TEST_CASE("with S-shaped revenue, too, first bits of investment may cost something") {
  Random random(77);
  for (const double most : {0.2, 2.0})
    for (const bool fixed : {false, true})
      check_nash(with_first_costs(random_games(effort(400), 6, fixed, random), most, random));
}

// Revenue turns at next to no performance, where its slope and marginal cost hardly change.
TEST_CASE("with first bits that cost nearly all that revenue brings, the performances that matter are still seen") {
  GeneralGame generous =
      nash_game({Family::power, {0.64424902863801292, 0.0085504114118239629, 3.8217271116036047}}, 0.49578883291729509,
                {Family::hill, {0.67808126219290044, 0.79234254338028465, 1.0128151654327258}},
                {Family::power, {0.40076744342094872, 0.0062017948354763505, 3.8332740517019932}}, 0.028922569357203613,
                0.0027419399515010955);
  generous.outside = -0.016424681954713204;
  check_nash(
      {nash_game({Family::power, {0.62564404884419955, 9.7659095258098902e-05, 6.7462147619806343}},
                 0.45595148849761347, {Family::hill, {1.9555530020245544, 1.0027045054572545, 1.0621054595027988}},
                 {Family::power, {0.86561050269685158, 0.75484047011829369, 3.077155723472095}}, 0.075515119485872764,
                 0.00054045136103252696),
       generous,
       nash_game({Family::power, {47.783661822832485, 3.5209658878793459, 4.9239867769650196}}, 0.85017504161138369,
                 {Family::hill, {0.76627778687267789, 0.59507777028963171, 1.0968626819839511}},
                 {Family::power, {0.56019786206618272, 0.12001383026538963, 6.5576636335506198}}, 0,
                 0.050020827575540612)});
}

TEST_CASE("with S-shaped revenue a game comes out the same, to the bit, whatever its neighbours are") {
  Random random(79);
  std::vector<GeneralGame> games = random_games(700, 7, true, random);
  const std::vector<GeneralGame> others = with_first_costs(random_games(700, 7, true, random), 1, random);
  games.insert(games.end(), others.begin(), others.end());
  std::vector<std::size_t> order(games.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size() - 1; i > 0; --i)
    std::swap(order[i], order[static_cast<std::size_t>(random.uniform(0, static_cast<double>(i + 1)))]);
  std::vector<GeneralGame> shuffled;
  for (const std::size_t i : order) shuffled.push_back(games[i]);
  const auto table = table_of(games.front());
  const auto& o = table->form.outputs;
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns here = solve_fast(*table, games, isa, false), there = solve_fast(*table, shuffled, isa, false);
    for (std::size_t i = 0; i < order.size(); ++i) {
      INFO(text(shuffled[i]));
      CHECK(there[o.status][i] == here[o.status][order[i]]);
      if (there[o.status][i] != static_cast<double>(Status::solved)) continue;
      CHECK(there[o.share][i] == here[o.share][order[i]]);
      CHECK(there[o.surplus][i] == here[o.surplus][order[i]]);
    }
  }
}

// A tile of them: those that a proof fails for and those left have room together.
TEST_CASE("with S-shaped revenue the bargain is the same whether or not a first best is wanted") {
  Random random(76);
  const std::vector<GeneralGame> games = random_games(4200, 8, true, random);
  const auto table = table_of(games.front());
  const auto& o = table->form.outputs;
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns with = solve_fast(*table, games, isa), without = solve_fast(*table, games, isa, false);
    for (std::size_t i = 0; i < games.size(); ++i) {
      INFO(text(games[i]));
      CHECK(with[o.status][i] == without[o.status][i]);
      if (with[o.status][i] == static_cast<double>(Status::solved))
        CHECK(with[o.surplus][i] == doctest::Approx(without[o.surplus][i]).epsilon(1e-6));
    }
  }
}

TEST_CASE("the fast path settles five of six games with S-shaped revenue") {
  Random random(72);
  for (const bool fixed : {false, true}) {
    const std::size_t left = left_of(random_games(1000, 6, fixed, random));
    INFO("left: ", left);
    CHECK(left < 160);
  }
}

TEST_CASE(
    "the fast path settles seven of eight games with S-shaped revenue in which first bits of investment cost "
    "something") {
  Random random(78);
  for (const bool fixed : {false, true}) {
    const std::size_t left = left_of(with_first_costs(random_games(1000, 6, fixed, random), 0.2, random));
    INFO("left: ", left);
    CHECK(left < 125);
  }
}

TEST_CASE("with S-shaped revenue, too, bargains do not depend on the unit of money") {
  Random random(75);
  for (const double unit : {1e-26, 1e20}) {
    std::vector<GeneralGame> games = random_games(effort(400), 6, true, random);
    for (GeneralGame& game : games) {
      GeneralSpecialist& s = game.specialists.front();
      for (double* money : {&game.cost.numbers[1], &game.fixed, &s.revenue.numbers[0], &s.cost.numbers[1], &s.fixed})
        *money *= unit;
    }
    check_nash(games);
  }
}

// In the second and the third the specialist adds a part in 10 000 only, for which the generalist invests all the same.
TEST_CASE("a game in which S-shaped revenue pays for nobody's costs is told from one in which it pays for one's") {
  const GeneralGame dead =
      nash_game({Family::power, {0, 5.0, 2.0}}, 0.4, {Family::hill, {0.8, 2.0, 4.0}}, {Family::power, {0, 4.0, 1.8}});
  CHECK(left_of({dead}) == 0);
  const auto table = table_of(dead);
  const auto& o = table->form.outputs;
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns solved = solve_fast(*table, {dead}, isa);
    CHECK(solved[o.status][0] == static_cast<double>(Status::solved));
    CHECK(solved[o.share][0] == 1);
    CHECK(solved[o.surplus][0] == 0);
  }
  check_nash({dead,
              nash_game({Family::power, {0, 0.14030237513091101, 2.0017423805446555}}, 0.70450242033871269,
                        {Family::hill, {0.93847586683676731, 1.7994396085869226, 4.286422166015166}},
                        {Family::power, {0, 5.7981729763438699, 1.6768307796702469}}),
              nash_game({Family::power, {0, 0.50969920592433804, 2.2599041325786264}}, 0.36141743920259845,
                        {Family::hill, {0.61052586232211525, 0.80751380561922248, 3.5280515566692969}},
                        {Family::power, {0, 2.2722596435430433, 1.5534284174950037}}),
              nash_game({Family::power, {0, 0.1923251917768633, 2.6935007694179673}}, 0.183265744366092,
                        {Family::hill, {1.1741979206162494, 1.4612757937704308, 3.8287755954575236}},
                        {Family::power, {0, 4.724533832222316, 1.5527877352049555}}, 0.0064688652893656017,
                        0.015303432451580523)});
  // Here it is the generalist that adds next to nothing.
  GeneralGame dear = nash_game({Family::power, {0, 219.56121365887381, 1.4525272127833873}}, 0.90329163729490958,
                               {Family::hill, {1.3784276971064939, 3.7286893066074831, 1.8133063224471924}},
                               {Family::power, {0, 0.0048188329151512138, 1.1671202122683211}}, 0.73323030203037809);
  dear.specialists.front().outside = 0.34636243163311514;
  check_nash({dear});
}

// Of the first four, and the last, a margin, a float's range or a not-a-number once said that nothing pays; in the next
// four the generalist jumps between two peaks; in the three after these the specialist jumps between two answers, or a
// gain is a small difference.
TEST_CASE("games in which S-shaped revenue hides a peak, a jump or a deal are not taken for others") {
  check_nash({nash_game({Family::power, {0, 3.064454105268425, 3.459378854775279}}, 0.6835060577792773,
                        {Family::hill, {1.0, 1.0, 3.3143334590724263}},
                        {Family::power, {0, 0.2254108735880965, 3.4298343126040325}}, 0.2665699991282649,
                        0.012197617084173714),
              nash_game({Family::power, {0, 0.6906474652855846, 2.857534017647934}}, 0.9998960453131546,
                        {Family::hill, {1.0, 1.0, 10.965604785777925}},
                        {Family::power, {0, 2.4208674400092467, 3.8552022969148014}}, 0.2666199827120713),
              nash_game({Family::power, {0, 0.3682888953021436, 3.5188117615225605}}, 0.3797812062476777,
                        {Family::hill, {1.0, 1.0, 3.678976788291278}},
                        {Family::power, {0, 351305.38622388773, 1.1432936609657969}}),
              nash_game({Family::power, {0, 9.9878420047357401e-21, 2.777292222320918}}, 0.0496160673386548,
                        {Family::hill, {3.7634389781869364e+27, 2.0082895912992461e+17, 2.808762830288836}},
                        {Family::power, {0, 5.08871477860471, 1.4570825726371626}}, 5.3131911686641507e+24)});
  check_nash({nash_game({Family::power, {0, 0.29692899132263506, 1.928528442331229}}, 0.1048525467240102,
                        {Family::hill, {1.0, 1.0, 9.945634840417592}},
                        {Family::power, {0, 0.9178478239063704, 1.2030074740088592}}),
              nash_game({Family::power, {0, 0.009948512474092593, 3.2395226505244916}}, 0.28263867687368294,
                        {Family::hill, {1.0, 1.0, 5.072973147903781}},
                        {Family::power, {0, 0.22499389866102013, 1.2291926214056275}}),
              nash_game({Family::power, {0, 0.029849018290793748, 3.22773647326491}}, 0.006957607694516022,
                        {Family::hill, {1.0, 1.0, 10.569498542060654}},
                        {Family::power, {0, 0.43585252243900846, 1.1703581503011284}}),
              nash_game({Family::power, {0, 0.031694389520617754, 2.428703286350486}}, 0.10097000858729258,
                        {Family::hill, {1.0, 1.0, 4.313058559739508}},
                        {Family::power, {0, 0.2371161597579765, 1.142375036190196}})});
  check_nash({nash_game({Family::power, {0, 366.70131695122006, 4.2605624858723985}}, 0.5862338376788162,
                        {Family::hill, {1.0, 1.0, 2.563011827425619}},
                        {Family::power, {0, 0.5554081763740597, 1.4048757086347796}}),
              nash_game({Family::power, {0, 1299.0694911996484, 3.6285564027952737}}, 0.2828501187116108,
                        {Family::hill, {1.0, 1.0, 2.0592503012714207}},
                        {Family::power, {0, 0.5869002025372811, 1.4902681030053444}}),
              nash_game({Family::power, {0, 1.126606078026165e+19, 3.2277556120014226}}, 0.4370384724046673,
                        {Family::hill, {1453.518021317813, 9.657984521461288e-06, 5.114000647535347}},
                        {Family::power, {0, 654155508179.8303, 1.698627282399316}})});
  GeneralGame owed = nash_game({Family::power, {0, 15.491571065864994, 3.9342182462857456}}, 0.6738428118718897,
                               {Family::hill, {1.0, 1.0, 3.656797889305018}},
                               {Family::power, {0, 0.31357418546836774, 2.6384116300835188}});
  owed.outside = 0.16747052471503937;
  check_nash({owed});
}

// Between two performances of the table revenue bulges above its chord.
TEST_CASE("a deal next to break-even is not taken for none") {
  check_nash({nash_game({Family::power, {0, 0.50000098662642434, 1.6315790999196251}}, 0.021793198847372134,
                        {Family::hill, {0.75840466247558391, 0.97245615975997823, 9.3931504859078334}},
                        {Family::power, {0, 3.2769896100485147, 1.7732222177292503}}, 0.00019684097092662934, 0)});
  check_nash({nash_game({Family::power, {0, 1946251.9326766643, 2.687108184962641}}, 0.060333390679509269,
                        {Family::hill, {0.048815614173971081, 0.0011854102221481133, 9.2191586586943597}},
                        {Family::power, {0, 1100.1463271499706, 1.3995238599326809}}),
              nash_game({Family::power, {0, 0.079920617548596959, 1.6485768491933372}}, 0.97277699485965041,
                        {Family::hill, {0.77795661521581461, 2.8511876143561734, 6.9481497649200383}},
                        {Family::power, {0, 0.50634087518798876, 1.7636625513572013}})});
}

// Along one equilibrium the product has two maxima next to each other, between two looks or three.
TEST_CASE("the better of two neighbouring bargains is found") {
  check_nash({nash_game({Family::power, {0, 0.71734915526891629, 1.6662485742249973}}, 0.80972696513930509,
                        {Family::hill, {1.0, 1.0, 2.4738478193907092}},
                        {Family::power, {0, 0.37288234931628367, 1.6697680566971371}}),
              nash_game({Family::power, {0, 0.39011231007428193, 3.7624467050918882}}, 0.92162081573457022,
                        {Family::hill, {1.0, 1.0, 5.7869634892149815}},
                        {Family::power, {0, 0.439035206776003, 1.390426487959765}}),
              nash_game({Family::power, {0, 1.4282025908159561, 2.2265244042835528}}, 0.91007580156663415,
                        {Family::hill, {1.0, 1.0, 4.9420141936914446}},
                        {Family::power, {0, 0.40408106227670632, 2.1888579545571369}}),
              nash_game({Family::power, {0, 0.28561056707375287, 1.9839905540558986}}, 0.91922719966192379,
                        {Family::hill, {1.0, 1.0, 4.5481722971944318}},
                        {Family::power, {0, 0.26440975079312473, 1.5335465711094058}}),
              nash_game({Family::power, {0, 0.53228648879387208, 1.8773372202196899}}, 0.80768753591620635,
                        {Family::hill, {1.0, 1.0, 2.1040822062234517}},
                        {Family::power, {0, 0.35373129673953919, 1.3861102681424851}})});
}

// In the first the generalist holds the specialist at a jump to a larger answer, and what it has so is humped between
// two shares; in the second the place of such a jump lies next to where the generalist begins to invest.
TEST_CASE("a bargain at the specialist's jump to a larger answer is not taken for worse or none") {
  check_nash({nash_game({Family::power, {0, 6.682151131730782, 1.7178866971149198}}, 0.67949277718277601,
                        {Family::hill, {1.0412569061733827, 0.24732303332831423, 7.646404493204165}},
                        {Family::power, {0, 11.101263567510069, 1.6204527426657771}})});
  check_nash({nash_game({Family::power, {0, 3.4062978181177441, 1.3653004903861772}}, 0.022299034895308482,
                        {Family::hill, {0.51674483169175545, 0.99908819003786664, 1.6012853277281665}},
                        {Family::power, {0, 0.42763845224548025, 1.5302470719499008}}, 0.00021700455275231554, 0)});
}

// Hill exponents of which floats can't tell what revenue starts as.
TEST_CASE("very S-shaped revenue is not taken for nearly concave") {
  GeneralGame game = nash_game({Family::power, {0, 6.250914359035029, 2.499866904912611}}, 0.29680230297754845,
                               {Family::hill, {0.7057139720209612, 0.2960645626649989, 31.71821721866708}},
                               {Family::power, {0, 6.954484572254291, 2.201871341835668}});
  game.solution = oracle::Solution::utilitarian;
  const auto table = table_of(game);
  const auto& o = table->form.outputs;
  const double surplus = solve_slowly(*table, {game})[o.surplus][0];
  CHECK(surplus == doctest::Approx(0.42962).epsilon(1e-4));
  for (const InstructionSet isa : supported_instruction_sets())
    CHECK(solve_fast(*table, {game}, isa)[o.surplus][0] == doctest::Approx(surplus).epsilon(1e-9));
}

TEST_CASE("revenue that starts as a lower power than both costs has one peak at every share, for every solution") {
  Random random(73);
  for (const std::size_t specialists : {1, 3})
    for (const auto solution :
         {oracle::Solution::fixed, oracle::Solution::nash, oracle::Solution::egalitarian,
          oracle::Solution::kalai_smorodinsky, oracle::Solution::utilitarian, oracle::Solution::max_performance}) {
      std::vector<GeneralGame> games;
      for (std::size_t i = 0; i < effort(60); ++i) {
        GeneralGame game = smooth_game(random, specialists);
        game.cost = random_cost(random, 1.2, 4);
        for (GeneralSpecialist& s : game.specialists) {
          s.cost = random_cost(random, 1.2, 4);
          s.revenue = s_shaped(random, random.uniform(1, std::min(game.cost.numbers[2], s.cost.numbers[2])));
        }
        game.solution = solution;
        games.push_back(game);
      }
      const auto table = table_of(games.front());
      const auto& o = table->form.outputs;
      const Columns slow = solve_slowly(*table, games);
      for (const InstructionSet isa : supported_instruction_sets()) {
        const Columns fast = solve_fast(*table, games, isa);
        for (std::size_t i = 0; i < games.size(); ++i) {
          INFO(text(games[i]));
          REQUIRE(fast[o.status][i] == slow[o.status][i]);
          if (slow[o.status][i] != static_cast<double>(Status::solved)) continue;
          const double money = std::abs(slow[o.surplus][i]);
          CHECK(std::abs(fast[o.generalist_utility][i] - slow[o.generalist_utility][i]) <= 1e-7 * money);
          CHECK(std::abs(fast[o.surplus][i] - slow[o.surplus][i]) <= 1e-7 * money);
        }
      }
      if (solution == oracle::Solution::nash) CHECK(left_of(games) < games.size() / 2);
    }
}

}  // namespace haggle::test
