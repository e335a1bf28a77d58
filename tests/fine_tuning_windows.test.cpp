// SPDX-License-Identifier: MIT
// Shares at which the generalist plays another regime than at all shares around: windows that a search may step over.
#include <doctest/doctest.h>

#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;

namespace {

/// At small and at large shares the generalist holds the specialist at its outside option; in between it doesn't.
GeneralGame held_on_both_sides() {
  return game_of({Family::power, {0, 0.0278438571587462, 1.00495638602092}}, 0, 0, 0.19,
                 {{{Family::isoelastic, {1.7044684313636, 0.320619423241097}},
                   {Family::power, {0, 3.92368270461501, 1.06710328746536}},
                   2.7277875304016,
                   0,
                   1}});
}

}  // namespace

TEST_CASE("a window of shares in which the specialist is not held is found") {
  for (const Solution solution : {Solution::nash, Solution::egalitarian, Solution::powerful_specialist})
    check_as_good(held_on_both_sides(), solution, -0.757);
}

TEST_CASE("a specialist that is held just before it leaves is followed to the end") {
  const GeneralGame game = game_of({Family::power, {0, 0.0059158366730846, 1.00959950562338}}, 0, 0, 0.93,
                                   {{{Family::isoelastic, {0.204675832687272, 0.578054004297616}},
                                     {Family::power, {9.87411062416887, 21.6944512392235, 1.03099987415609}},
                                     0,
                                     -0.2014079433998,
                                     0.07},
                                    {{Family::hill, {0.144200346824824, 7.20590584044676, 4.95999921647029}},
                                     {Family::power, {0.357754539539745, 16.9728519310867, 2}},
                                     0.0933930420287645,
                                     0,
                                     0}});
  check_as_good(game, Solution::powerful_specialist, -0.60877736);
}

TEST_CASE("between a specialist that is held and one that leaves all may gain for a moment") {
  const GeneralGame game =
      game_of({Family::power, {0, 0.0265598156336637, 1.81261992746099}}, 1795.18989014528, 0, 0.33,
              {{{Family::hill, {0.547865446524435, 18.3869824870761, 2.07857971197618}},
                {Family::power, {0.0428871074238206, 1.8930121099014836, 1.05602784761656}},
                0,
                0.13865304017203298,
                1},
               {{Family::isoelastic, {0.23772059665753, 1.57478869253526}},
                {Family::power, {3.63220752907405, 99.3211752760851, 2}},
                6879.01324764608,
                0,
                1.33}});
  check_as_good(game, Solution::nash, 1.0813);
}

TEST_CASE("a gain of next to nothing is no tie with a real one") {
  const GeneralGame game = game_of({Family::power, {0, 0.012273611441423089, 1.1028808165706305}}, 0,
                                   176.52865215152707, 0.0011183680665768096,
                                   {{{Family::exponential_saturation, {0.29150477449618051, 3.7091829912049783}},
                                     {Family::power, {0, 0.0051422195678193991, 1.1324416237940498}},
                                     0.061803975570772787,
                                     0,
                                     1},
                                    {{Family::isoelastic, {4.8227824981571024, 0.52471202942876805}},
                                     {Family::power, {9.0921441878504918, 6.6890824851726611, 2}},
                                     0,
                                     67.301442816277486,
                                     1},
                                    {{Family::hill, {1.8161144652746042, 0.16089657617454894, 1.997043678732854}},
                                     {Family::power, {0, 124.66765806916921, 1.0121899298205137}},
                                     0,
                                     0,
                                     1}});
  check_as_good(game, Solution::nash, 1.1818);
}

TEST_CASE("at the edge of the deals the best is not forgotten") {
  GeneralGame game = game_of({Family::power, {0, 6.1696418040369405, 2}}, 0, 0, 1,
                             {{{Family::exponential_saturation, {6.50736776122537, 3.34829407399123}},
                               {Family::power, {0.0694956832433493, 6.24661138839099, 2.48784596920480}},
                               0.37722486410180001,
                               0,
                               1}});
  check_as_good(game, Solution::kalai_smorodinsky, -1.53092);
  game =
      game_of({Family::power, {0, 0.0116590883910516, 2.35901812857687}}, 0.12911183706097781, 0, 0.91193555065601462,
              {{{Family::isoelastic, {0.12253891605709, 0.61440884422640707}},
                {Family::power, {3.76276926887662, 0.0810889855692866, 1.31877859108156}},
                0,
                0,
                1}});
  check_as_good(game, Solution::egalitarian, 10.0302);
}

TEST_CASE("a window in which a specialist is held, the generalist being idle on both sides of it") {
  const GeneralGame game =
      game_of({Family::power, {4.3354225615627353, 0.23568842912330887, 2}}, 0, 0, 0.78433777496756052,
              {{{Family::hill, {6.4552898729324051, 0.094986841294689969, 0.65142962387676584}},
                {Family::power, {0, 5.2056061608935078, 1.025252206643386}},
                3.1486215874693029,
                0,
                0.16175881573265841},
               {{Family::isoelastic, {0.25728249564114697, 0.53259034079445711}},
                {Family::power, {0, 22.978791423921734, 2}},
                0,
                0.011145314024153636,
                1},
               {{Family::logarithmic, {1.4232214445232445, 16.865424568611669}},
                {Family::power, {0, 0.082365179861822402, 1.1136328008560863}},
                0,
                0,
                0.069590410784079029}});
  check_as_good(game, Solution::utilitarian, -1.1671320211336405);
  check_as_good(game, Solution::powerful_specialist, -1.15091);
}

// Of the second specialist's revenue hardly more than its fixed cost is to be had: it takes part at tiny shares alone,
// and from a share where that does not pay the generalist yet the slope by the logit leads beyond them.
TEST_CASE("a choice that one look has only comes about before it ceases to be one, at a share next to none") {
  const GeneralGame game =
      game_of({Family::power, {0, 0.0035432064898904738, 1.0171047692859791}}, 0, 0, 0.67717385907090122,
              {{{Family::exponential_saturation, {1.5343374505038936, 0.065375925266766666}},
                {Family::power, {1.8568140499505901, 1.8925015378162702, 1.2031320732969002}},
                0,
                0.12460372828407212,
                1},
               {{Family::exponential_saturation, {2.4253017578939864, 0.055392559313861341}},
                {Family::power, {0, 89.110334728875642, 1.0030034204675471}},
                2.4233971433699559,
                0,
                2.0596289234816298}});
  check_as_good(game, Solution::powerful_specialist, -7.1992329470120744);
}
