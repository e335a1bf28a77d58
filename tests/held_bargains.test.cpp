// SPDX-License-Identifier: MIT
// S-shaped revenue, one specialist: bargains at which something is about to change. The generalist invests just so much
// that its specialist works, or at a slightly larger share would rather do all by itself.
#include <doctest/doctest.h>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

std::vector<GeneralGame> at_ties() {
  return {
      nash_game({Family::power, {0, 2.77074, 1.937417}}, 0.54875, {Family::hill, {1.046984, 1.100182, 5.204398}},
                {Family::power, {0, 0.5008878, 2.241523}}),
      nash_game({Family::power, {0, 2.074012, 1.910923}}, 0.7103, {Family::hill, {1.314391, 1.37975, 3.204041}},
                {Family::power, {0, 0.3872366, 2.343369}}),
      nash_game({Family::power, {0, 2.025941, 2.262201}}, 0.46555, {Family::hill, {1.758935, 1.618823, 4.449327}},
                {Family::power, {0, 0.3572563, 2.386175}}),
      nash_game({Family::power, {0, 1.199022, 2.86827}}, 0.69316, {Family::hill, {1.471, 1.592439, 4.613038}},
                {Family::power, {0, 0.3072182, 1.986362}}),
      nash_game({Family::power, {0, 3.409488, 2.430055}}, 0.8867, {Family::hill, {1.556042, 1.958955, 2.703157}},
                {Family::power, {0.105999, 0.1451435, 2.547158}}),
      nash_game({Family::power, {0, 1.189726, 1.505866}}, 0.67041, {Family::hill, {0.6474815, 0.6365575, 3.207811}},
                {Family::power, {0.129748, 0.5983448, 1.693717}}),
      nash_game({Family::power, {0, 4.805741, 1.817727}}, 0.44018, {Family::hill, {0.5367021, 0.4393194, 4.038049}},
                {Family::power, {0.08315148, 1.603122, 2.348635}}),
      nash_game({Family::power, {0, 1.084355, 1.962497}}, 0.24926, {Family::hill, {1.166056, 3.435372, 1.458707}},
                {Family::power, {0.05106039, 0.5433109, 2.538303}}),
      nash_game({Family::power, {0.01192649, 6.213193, 1.751058}}, 0.58587,
                {Family::hill, {1.750597, 0.677657, 5.137056}}, {Family::power, {0.09431624, 1.960223, 1.908349}}),
      nash_game({Family::power, {0.1826545, 6.012726, 2.44552}}, 0.84204,
                {Family::hill, {1.394285, 0.5530034, 4.738636}}, {Family::power, {0.03202113, 2.374407, 1.739832}}),
  };
}

std::vector<GeneralGame> before_leaps() {
  return {
      nash_game({Family::power, {0, 0.2457681, 2.670355}}, 0.66839, {Family::hill, {0.7483658, 0.2682688, 1.810945}},
                {Family::power, {0.1666635, 0.1750732, 2.846166}}),
      nash_game({Family::power, {0, 0.1739448, 1.543406}}, 0.39617, {Family::hill, {0.5002046, 0.6002852, 1.266364}},
                {Family::power, {0.117942, 0.708832, 2.711255}}),
      nash_game({Family::power, {0, 0.1879042, 1.544682}}, 0.24731, {Family::hill, {0.499471, 0.4997655, 2.449184}},
                {Family::power, {0.1799918, 1.255814, 2.060751}}),
      nash_game({Family::power, {0, 0.1724749, 1.55907}}, 0.44247, {Family::hill, {1.874711, 1.753436, 4.442978}},
                {Family::power, {0.1521386, 0.3358024, 2.356635}}),
  };
}

std::vector<GeneralGame> beyond_leaps() {
  return {
      nash_game({Family::power, {0, 0.1752506, 2.164563}}, 0.6958, {Family::hill, {0.7572053, 0.3613924, 3.741624}},
                {Family::power, {0.1106381, 5.482784, 2.808402}}),
      nash_game({Family::power, {0, 0.1892596, 2.252188}}, 0.70192, {Family::hill, {1.627319, 0.6073502, 5.739871}},
                {Family::power, {0.1779278, 0.3167504, 2.2629}}),
      nash_game({Family::power, {0, 0.2910034, 1.587505}}, 0.74356, {Family::hill, {1.617409, 0.3713897, 1.845818}},
                {Family::power, {0.1574411, 0.1641772, 2.114348}}),
      nash_game({Family::power, {0.02809874, 0.6350678, 2.307702}}, 0.8254,
                {Family::hill, {0.935457, 0.2493037, 4.425609}}, {Family::power, {0.115378, 0.4256701, 1.842291}}),
      nash_game({Family::power, {0.09503416, 0.3431152, 1.951471}}, 0.72122,
                {Family::hill, {1.26373, 0.3251614, 2.227565}}, {Family::power, {0.1901075, 0.4109311, 2.425533}}),
  };
}

/// The specialist may answer by adding nothing, a little, or much.
std::vector<GeneralGame> with_three_answers() {
  return {
      nash_game({Family::power, {0, 2.03925, 2.902626}}, 0.59693, {Family::hill, {1.703968, 0.5731526, 3.975791}},
                {Family::power, {0.03704232, 2.751733, 2.564862}}),
      nash_game({Family::power, {0, 0.5736289, 2.814637}}, 0.22096, {Family::hill, {0.5155152, 0.264322, 4.553833}},
                {Family::power, {0.01223863, 4.402795, 2.421515}}),
      nash_game({Family::power, {0, 0.2650328, 2.089022}}, 0.3157, {Family::hill, {0.8910649, 1.311656, 5.714023}},
                {Family::power, {0.00400538, 0.1481367, 2.618262}}),
      nash_game({Family::power, {0, 6.185579, 2.733816}}, 0.37895, {Family::hill, {1.833606, 0.9375805, 3.563889}},
                {Family::power, {0.1289009, 1.384028, 2.19653}}),
  };
}
/// Next to the bargain are shares at which it still adds something.
std::vector<GeneralGame> next_to_work() {
  return {
      nash_game({Family::power, {0, 0.3726291, 1.942382}}, 0.51572, {Family::hill, {0.7430008, 0.9969165, 1.102906}},
                {Family::power, {0.199999, 1.667832, 2.671908}}),
      nash_game({Family::power, {0, 0.514396, 2.575574}}, 0.47941, {Family::hill, {0.8935512, 1.33384, 1.234935}},
                {Family::power, {0.1893302, 3.359762, 2.284181}}),
      nash_game({Family::power, {0, 0.4685921, 2.657612}}, 0.55766, {Family::hill, {0.9442297, 1.071595, 1.332154}},
                {Family::power, {0.1729623, 2.288148, 2.495493}}),
      nash_game({Family::power, {0, 0.1869264, 1.679999}}, 0.50798, {Family::hill, {0.6657906, 0.7299481, 1.291918}},
                {Family::power, {0.1954642, 0.5688023, 2.125241}}),
  };
}

}  // namespace

TEST_CASE("a bargain at which its generalist invests just so much that the specialist works is the slow path's") {
  CHECK(left_of(at_ties()) <= 1);
  Random random(501);
  check_nash(near(at_ties(), effort(40), random));
}

TEST_CASE("a bargain at the share from which on the generalist would do all by itself is the slow path's") {
  Random random(502);
  for (const auto& games : {before_leaps(), beyond_leaps()}) {
    CHECK(left_of(games) == 0);
    check_nash(near(games, effort(40), random));
  }
}

TEST_CASE("whatever answers the specialist has beside the bargain, it is the slow path's") {
  Random random(504);
  for (const auto& games : {with_three_answers(), next_to_work()}) {
    CHECK(left_of(games) == 0);
    check_nash(near(games, effort(40), random));
  }
}

TEST_CASE("a generalist that pays for a deal holds its specialist at nothing where it would rather idle") {
  std::vector<GeneralGame> games{
      nash_game({Family::power, {5.6480412452037398e-06, 0.57750212611122531, 1.9609110590555618}},
                0.00078206164566698767, {Family::hill, {2.8530798179610541, 1.5101715297195488, 2.278563200093437}},
                {Family::power, {0.68963609436734952, 0.14310200701588724, 3.5670523433572576}}),
      nash_game({Family::power, {2.7472181114635199, 1.3952480151323556, 2.8874374383158612}}, 0.84919533547612158,
                {Family::hill, {2.1689652986493595, 0.58527551763988728, 3.4682888557622968}},
                {Family::power, {0.80566089760533699, 11.010959626333472, 4.1250593517309033}}),
      nash_game({Family::power, {0.55577673355342994, 1734.0659816782913, 4.0140967716513991}}, 0.80357339720711962,
                {Family::hill, {0.39809770654563986, 0.38959522489038889, 2.8989096733199693}},
                {Family::power, {0.39925550083179551, 0.38660484743299534, 2.0024408342682869}})};
  const double outside[][2] = {{-0.0034555279774867768, -6.1389530012138624e-06},
                               {-0.2374404897152283, -0.43286587150969014},
                               {-0.027969533461349325, 0.0001508452661819571}};
  for (std::size_t i = 0; i < games.size(); ++i)
    games[i].outside = outside[i][0], games[i].specialists.front().outside = outside[i][1];
  check_nash(games);
  Random random(505);
  for (std::vector<GeneralGame> others : {at_ties(), before_leaps(), beyond_leaps()}) {
    others = near(others, effort(20), random);
    for (GeneralGame& game : others)
      game.outside = -random.log_uniform(1e-3, 1), game.specialists.front().outside = -random.log_uniform(1e-3, 1);
    check_nash(others);
  }
}

// A little beyond the share that is best for an idle generalist it begins to invest, steeply.
TEST_CASE("a product that falls, and rises where the generalist begins to invest, is followed to the higher peak") {
  check_nash(
      {nash_game({Family::power, {1.9344968660442923, 1790475.3449627478, 3.7116554962722605}}, 0.56066139974091811,
                 {Family::hill, {1.9967226612359841, 0.24624208207489834, 3.7183180505470528}},
                 {Family::power, {0, 62.928568778476901, 4.0592589516741553}})});
}

TEST_CASE("of games near such bargains the fast path leaves few") {
  Random random(503);
  for (const auto& games : {at_ties(), before_leaps(), beyond_leaps(), with_three_answers(), next_to_work()})
    CHECK(left_of(near(games, 40, random)) < 6 * games.size());
}

}  // namespace haggle::test
