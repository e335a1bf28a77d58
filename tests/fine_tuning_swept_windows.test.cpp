// SPDX-License-Identifier: MIT
// Windows of shares in which an entry threshold that holds the generalist, and moves fast with the share, sweeps past
// what makes the generalist invest more than it asks.
#include <doctest/doctest.h>

#include <vector>

#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;

TEST_CASE("an entry threshold that leaves 0 sweeps past where another specialist begins to ride free") {
  GeneralGame game = game_of({Family::power, {0.32329192120545791, 6.215587567410167, 1.3744908856761997}}, 0,
                             0.41276853858683077, 0.22760627205131473,
                             {{{Family::isoelastic, {0.74023699969079482, 0.77997626853193824}},
                               {Family::power, {5.7533197620611221, 0.033296288226652426, 1.0656359505457755}},
                               0,
                               0,
                               1},
                              {{Family::isoelastic, {0.51929139011258019, 0.88853976793739275}},
                               {Family::power, {0, 0.21773424464689417, 1.0782686446027512}},
                               1.239971964549657,
                               0,
                               0.071533238799663307}});
  // In a window 1e-5 wide, between a generalist that is idle and one that holds the other specialist.
  for (const Solution solution : {Solution::nash, Solution::egalitarian}) check_as_good(game, solution, -2.274521);
  // The same with other numbers: there the generalist itself has the most.
  game = game_of({Family::power, {0.17812364396213315, 4.0075391167904506, 1.2536309650908637}}, 0, 0.37785156110814921,
                 0.2276,
                 {{{Family::isoelastic, {0.86066504300825197, 0.77797268411720488}},
                   {Family::power, {5.9899703088577523, 0.058366792711078377, 1.0842205613262483}},
                   0,
                   0,
                   1},
                  {{Family::isoelastic, {0.51930331531702867, 0.88838701865129099}},
                   {Family::power, {0, 0.22610877433670579, 1.0725428943800774}},
                   1.2423733169151423,
                   0,
                   0.071499999999999994}});
  check_as_good(game, Solution::powerful_generalist, -2.48074374);
}

TEST_CASE("an entry threshold that leaves 0 sweeps past where another specialist's S-shaped revenue pays") {
  // Each: the generalist's cost, three specialists, and a share in the window.
  struct Swept {
    GeneralFunction cost;
    std::vector<GeneralSpecialist> specialists;
    double logit;
  };
  const auto saturation = [](double size, double scale) {
    return GeneralFunction{Family::exponential_saturation, {size, scale}};
  };
  const auto hill = [](double size, double half, double exponent) {
    return GeneralFunction{Family::hill, {size, half, exponent}};
  };
  const auto power = [](double linear, double factor, double exponent) {
    return GeneralFunction{Family::power, {linear, factor, exponent}};
  };
  const double outside = -1.3257656573500167;
  for (const Swept& swept : {
           // It jumps: from a regime to one of the same structure.
           Swept{power(0.13378754046891428, 1.3952015481371942, 1.0055624512001009),
                 {{saturation(3.6631858107849578, 0.23820015154617902),
                   power(0.72327798218794326, 0.39975902800916846, 1.0285107706003012), 0, 0, 1},
                  {hill(0.16094732309781351, 0.30614763253939847, 4.9562277099721719), power(0, 1.1323059782040514, 2),
                   0, 0, 1},
                  {saturation(5.0471110425087895, 1.5249135020984956),
                   power(0, 0.0044359561491779552, 1.3038468219543466), 3.395456223810922, outside, 1}},
                 0.3019},
           // The same in a narrower window.
           Swept{power(0.18480186193206088, 1.4586390438632191, 1.0052696840106021),
                 {{saturation(3.9107996453160534, 0.24389817896053312),
                   power(0.70808694355420143, 0.39169593824181687, 1.0417118028701757), 0, 0, 1},
                  {hill(0.10580661102019805, 0.2942549926032646, 5.5640041159164211), power(0, 0.90715089168006646, 2),
                   0, 0, 1},
                  {saturation(5.1322216693078335, 1.4025846298572571),
                   power(0, 0.0027643105377984419, 1.3287072322790991), 3.3403200426466668, outside, 1}},
                 0.396734},
           // It rises steeply, and does not jump.
           Swept{power(0.1942032772294619, 1.4057309593485581, 1.005298210858204),
                 {{saturation(3.8371250010860063, 0.25027965330263219),
                   power(0.61457663687604591, 0.43010465729570752, 1.0324727605611499), 0, 0, 1},
                  {hill(0.23297734361167408, 0.3703923757882005, 5.3277658657526183), power(0, 1.3307150150343996, 2),
                   0, 0, 1},
                  {saturation(5.0598195743339387, 1.4990607732974037),
                   power(0, 0.0029079402209235433, 1.2966009145887212), 3.4117105297081558, outside, 1}},
                 0.31215066652084406},
           // Next to a change of regime that nothing comes of: the first specialist ceases to contribute.
           Swept{power(0.081628854999472089, 1.376905621120013, 1.0036058379539081),
                 {{saturation(3.6937465631446713, 0.25220110191229855),
                   power(0.50934312851850816, 0.61326301285039564, 1.0180394565681636), 0, 0, 1},
                  {hill(0.22663259649806389, 0.27657902159230663, 4.4117077331984298), power(0, 1.2983707224231444, 2),
                   0, 0, 1},
                  {saturation(5.0414645228597355, 1.6524287610620803),
                   power(0, 0.0047714705830666539, 1.3217375399021583), 3.5121810627213375, outside, 1}},
                 0.19299615993801778},
       }) {
    GeneralGame game = game_of(swept.cost, 0, 0, 0.76789160489589292, swept.specialists);
    for (const Solution solution : {Solution::nash, Solution::egalitarian}) check_as_good(game, solution, swept.logit);
  }
}

// The third specialist's revenue is convex, its cost hardly more so: with its performance of 10^7 on one side of the
// window and of next to nothing on the other, inside it the generalist invests until it jumps. The window is 6e-5 wide.
TEST_CASE("a generalist holds a specialist at its jump between two regimes far apart") {
  check_as_good(game_of({Family::power, {0, 54.259011917034144, 2.630717320748146}}, 0, 0, 0.62218415311184649,
                        {{{Family::isoelastic, {1.4431864179706093, 0.45018196002680377}},
                          {Family::power, {0, 32.333494246892919, 1.1312934603468148}}},
                         {{Family::logarithmic, {1.8958755403030214, 0.12406961238459259}},
                          {Family::power, {0, 9.5671625448259654, 1.7347517669066577}}},
                         {{Family::isoelastic, {0.19584703604498938, 1.1848341863811707}},
                          {Family::power, {0.2634419507235139, 0.02080307379670842, 1.2398738569315155}},
                          0,
                          0,
                          1.9854669378244041},
                         {{Family::isoelastic, {3.848453687319453, 0.77905751414022406}},
                          {Family::power, {0, 9.6785562894969406, 2}}}}),
                Solution::egalitarian, 0.72672205180214167);
}

// The generalist holds the third specialist as soon as that pays; a little further on the second leaves, and it does
// not pay again until much later. The window is 0.018 of a logit wide.
TEST_CASE("a regime is found that another specialist's leaving ends soon after it begins") {
  GeneralGame game = game_of({Family::power, {0.070862322017707216, 0.0034251087801399826, 1.0202079892000624}}, 0, 0,
                             0.61976376441272196,
                             {{{Family::hill, {0.37114717009673986, 0.54544194410326297, 2.771749935289229}},
                               {Family::power, {0.010509095716486304, 67.348457017893892, 1.0502983378243245}}},
                              {{Family::hill, {0.14345491396086582, 0.070979822965120037, 3.1659034669877868}},
                               {Family::power, {0, 0.02617492970170331, 2}},
                               0.13961259432503778},
                              {{Family::logarithmic, {1.0532599394845943, 0.10676080742568644}},
                               {Family::power, {0, 4.0182561639519934, 1.4186787962594993}},
                               2.4461479692795884,
                               0,
                               0.088619378255526973}});
  game.powerful = 1;
  check_as_good(game, Solution::powerful_specialist, -3.618);
}

TEST_CASE("a peak beyond a threshold that has just left nothing, which one of two neighbouring looks has only") {
  const GeneralGame game =
      game_of({Family::power, {2.0306030224831053, 23.562839836947735, 1.0081612155366959}}, 0, 0, 0.41861410171602575,
              {{{Family::isoelastic, {1.3342487502077374, 0.56196783214239721}},
                {Family::power, {0, 0.030578874631949346, 2.58848089017006}},
                0,
                0.059088331877112453,
                0.30660078597529233},
               {{Family::exponential_saturation, {0.13233144751333811, 1.3419662575521636}},
                {Family::power, {0, 70.116158382700348, 1.0920792413854767}},
                0,
                0,
                3.2270610641350408},
               {{Family::isoelastic, {0.13573881474161428, 0.40298094308359289}},
                {Family::power, {0.26028815669944522, 2.1686935498873132, 1.0039409260747238}},
                0,
                0,
                1}});
  check_as_good(game, Solution::egalitarian, 2.669932);
}
