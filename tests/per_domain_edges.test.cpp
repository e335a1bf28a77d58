// SPDX-License-Identifier: MIT
// Bargains by domain whose best shares lie far along a steep edge that bends, or where several edges meet.
#include <doctest/doctest.h>

#include <functional>

#include "domain_games.hpp"
#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
using namespace haggle::fine_tuning;

namespace {

GeneralFunction power(double linear, double coefficient, double exponent) {
  return {Family::power, {linear, coefficient, exponent}};
}

GeneralGame domain_game(const GeneralFunction& cost, double fixed, double outside, double weight,
                        const std::vector<GeneralSpecialist>& specialists) {
  GeneralGame game = test::game_of(cost, fixed, outside, weight, specialists);
  game.per_domain = true;
  game.fixed_shares.assign(specialists.size(), 0.5);
  return game;
}

double worth_of_bargain(const GeneralGame& game, Solution solution) {
  Asked asked(game);
  const BargainTerms terms = asked.terms(solution);
  const DomainBargain bargain = asked.bargain(terms);
  REQUIRE(bargain.deal);
  return asked.worth(aim_of(terms, bargain.ideals), bargain.shares);
}

}  // namespace

TEST_CASE("where two gains are equal along a steep edge that bends, shares go along it to the best") {
  // The generalist is kept at the third specialist's threshold and loses 4,405 by a unit of its share, the second
  // specialist gains 160: steps along the edge's tangent end beside it, at 0.02180304.
  const GeneralGame held = domain_game(power(0.1191779491551498, 173.8365431117204, 1.2210631478129317),
                                       0.61587642769865425, 0, 0.004517719112793808,
                                       {{{Family::exponential_saturation, {0.43722894364475323, 0.24396696460025338}},
                                         power(0, 85.065671505435958, 2),
                                         9.0313078039964669e-05},
                                        {{Family::isoelastic, {0.59628414628158066, 0.77762961942164166}},
                                         power(0.42726068319345001, 0.060047396012700781, 1.0761864642106931),
                                         3.4036874475702946e-06},
                                        {{Family::hill, {0.85336681983633389, 8.3880511632130421, 5.3618061437265094}},
                                         power(0, 0.0072179568064275413, 1.0083474476256076),
                                         0,
                                         0,
                                         0}});
  CHECK(worth_of_bargain(held, Solution::egalitarian) > 0.02180472);
  // An idle generalist whose gain counts 116,100 times: 2.00095057.
  const GeneralGame idle = domain_game(power(2.4233501424347441, 34.049957320520875, 1.11033448317721),
                                       0.57207127961254844, 0, 0.00078465324939834579,
                                       {{{Family::isoelastic, {0.85479009026098396, 0.3959345439714077}},
                                         power(0.35204159702378679, 0.079986021215088771, 1.1394103656116608)},
                                        {{Family::isoelastic, {0.21555681041253302, 0.77802090237911048}},
                                         power(0, 0.020136278313882438, 1.4807525989666308),
                                         0.0015307846521483049,
                                         0,
                                         0},
                                        {{Family::isoelastic, {0.10154664869560115, 1}},
                                         power(1.2851582045640932, 0.0033246539928529942, 1.1155874252911111)}});
  CHECK(worth_of_bargain(idle, Solution::kalai_smorodinsky) > 2.00095082);
}

TEST_CASE("where two specialists have nothing and the generalist no more than elsewhere, shares follow that corner") {
  // No share alone can move there without somebody leaving; together they can, and how outcomes bend on that way shows
  // a little inside. Elsewhere 41.27 and 0.3383.
  const GeneralGame game = domain_game(power(0, 0.01566417047185506, 2), 0, 2.5048176468530277, 0.43827709472007403,
                                       {{{Family::logarithmic, {0.20911618359151762, 1.1076506922186116}},
                                         power(0, 25.225849420085616, 1.0655802153481968),
                                         0.26918250618491246,
                                         0,
                                         0.593382792338226},
                                        {{Family::logarithmic, {0.14825867650726496, 9.9444903157184239}},
                                         power(0.0923492844571175, 41.538642928251519, 2),
                                         0,
                                         0,
                                         0.58275484873732408},
                                        {{Family::logarithmic, {3.0576798626618626, 0.071673006662032954}},
                                         power(0, 19.251706342535151, 1.0927488865084305),
                                         11.018746437916445,
                                         0,
                                         0.011135604746166879}});
  CHECK(worth_of_bargain(game, Solution::max_performance) > 41.353);
  CHECK(worth_of_bargain(game, Solution::powerful_specialist) > 0.34409);
}

TEST_CASE("where the generalist has three investments as good as each other, shares go on to where it has two") {
  // The second and third choice are found in one step, a 64th of it apart. Taken for one place they end the way at
  // 3.9999571.
  const GeneralGame game = domain_game(power(0, 7.3967358230531257, 2), 0, 0, 0.68146414825089019,
                                       {{{Family::exponential_saturation, {0.39865240879724984, 0.20817991505113898}},
                                         power(0, 0.75509776040312071, 1.0286749356293765),
                                         0,
                                         0,
                                         1.3292990364693087},
                                        {{Family::logarithmic, {0.84215321641502461, 0.077654584841836155}},
                                         power(0.011626471018146447, 0.64636364678091573, 2),
                                         0,
                                         0.32328365970326717},
                                        {{Family::logarithmic, {2.0517135701873448, 0.23216881346674009}},
                                         power(0, 0.81460327685006284, 1.0075222790602383)},
                                        {{Family::hill, {0.24078101111255029, 0.1235088066300562, 2.7504713107180572}},
                                         power(0.35011305569864765, 5.141271488977571, 1.0296991541830227),
                                         0.0013749715961163776}});
  CHECK(worth_of_bargain(game, Solution::max_performance) > 3.99995719);
}

TEST_CASE("a contribution that falls like a high power of what is left to a specialist does not hold its share back") {
  // Cost exponents of 1.0057 and 1.098: by its slope an investment of 1e-88 ends within a thousandth of the way to the
  // whole share. 4.98706961 by steps of that size.
  const GeneralGame game = domain_game(power(0, 7.7559812969569908, 1.0445286212198199), 0, 0, 0.58479918888778737,
                                       {{{Family::hill, {1.7837165572615299, 5.2782733474627879, 4.7192754096346219}},
                                         power(0, 64.671300966259693, 1.6434201916050939)},
                                        {{Family::isoelastic, {4.8026627286065988, 0.47075321119339608}},
                                         power(0.013174692634103143, 5.6257863557362198, 1.0975630277642663),
                                         0,
                                         0.096114306511855249,
                                         9.2431661288061289},
                                        {{Family::hill, {7.7127682623757572, 0.095888372742246847, 1.7729256468846792}},
                                         power(0, 0.01717620580021342, 1.0056966142257391),
                                         0.48803358268261521,
                                         0,
                                         0.28995302098531267}});
  CHECK(worth_of_bargain(game, Solution::max_performance) > 4.98706973);
}

TEST_CASE("a share that moves little money beside another's goes all the way all the same") {
  // What is left to the first specialist, 2e-8, is worth 5e-9 of the second's share: 3.2035289985 without it.
  const GeneralGame game =
      domain_game(power(0.088224467413376917, 2.5292013008655756, 1.0350280448699258), 0, 0, 0.076630659815447977,
                  {{{Family::exponential_saturation, {0.76675648939763963, 1.1511823617898198}},
                    power(0.052751045592829476, 82.05481319374789, 1.0680783397725393)},
                   {{Family::hill, {5.4620626842151161, 0.057070307959794384, 2.6300839575242998}},
                    power(9.8020227720228608, 69.16534728982343, 2),
                    0.38753944395127005}});
  CHECK(worth_of_bargain(game, Solution::powerful_specialist) > 3.203529003);
}

TEST_CASE("a threshold that runs off to infinity within a rounding of a share says nothing of the other shares") {
  // Elsewhere 457.52074.
  const GeneralGame game = domain_game(power(0, 0.11446512797499939, 1.0194849270235091), 0, 0, 0.15555109633175879,
                                       {{{Family::exponential_saturation, {1.0504819945883459, 0.12870834289697261}},
                                         power(0, 0.025119302366031524, 2.6793388393569657),
                                         0.14327401156959774,
                                         0.059598881705189462},
                                        {{Family::isoelastic, {5.9696499192324639, 0.2288322901925125}},
                                         power(4.2609174897202751, 128.18476990233319, 1.0772195200873556),
                                         2.2735490710204247,
                                         -0.45264458267059576},
                                        {{Family::isoelastic, {0.41129902219760794, 0.29201917907635672}},
                                         power(0.73350073869699939, 0.70733418285629013, 1.1807722310199176),
                                         0.10070438123272127}});
  CHECK(worth_of_bargain(game, Solution::max_performance) > 457.5208);
}

TEST_CASE("a specialist that is held just before it leaves is found by lines from every kind of outcome") {
  // Elsewhere 17.071.
  const GeneralGame game = domain_game(power(0.26101528308604244, 0.31408501272616773, 1.0864553678836046),
                                       6.4749141282415774, 38.156584613245862, 0.49492260056796211,
                                       {{{Family::logarithmic, {8.4760350388502452, 0.099493717884884467}},
                                         power(0, 8.189482948562361, 1.0283242248537208),
                                         0,
                                         0,
                                         19.059479926767803},
                                        {{Family::isoelastic, {7.483411082057021, 0.22133079771606001}},
                                         power(0.10823769798121614, 0.0056107491054857494, 1.0283531150413463)},
                                        {{Family::logarithmic, {0.7301020502259159, 0.069980127200412398}},
                                         power(0.044057432399530271, 1.3204604970233556, 1.3796624733508311),
                                         0.3723206120784372,
                                         0,
                                         0},
                                        {{Family::logarithmic, {4.2470976936475875, 1.2969910549181636}},
                                         power(0, 86.894108863838369, 1.0672245703544596),
                                         0.28056044139991299}});
  CHECK(worth_of_bargain(game, Solution::powerful_specialist) > 17.187);
}

TEST_CASE("along a narrow valley where two gains are equal, a step that misses it says where it is") {
  // The second specialist's gain is a millionth of its money: steps that go by the model alone stop at 0.024639675.
  const GeneralGame game = domain_game(power(0.18577553328761434, 15.533983256372627, 1.0587904252505147), 0, 0, 0,
                                       {{{Family::isoelastic, {1.1099325720785684, 0.61894830673153167}},
                                         power(0, 0.016092249136543377, 2),
                                         0,
                                         -0.025022628834789389},
                                        {{Family::hill, {3.9472381082588361, 0.62275885089935878, 1}},
                                         power(0, 0.34784816753947045, 2),
                                         2.0998883421037702},
                                        {{Family::isoelastic, {0.22539872435776145, 0.73479948443904064}},
                                         power(0, 11.217192845327329, 1.1107022378810694)}});
  CHECK(worth_of_bargain(game, Solution::kalai_smorodinsky) > 0.0246396802);
}

TEST_CASE("where the generalist builds for a domain only with nearly all of every other, such shares are found") {
  // The third domain's revenue is S-shaped. Of 10,000 random shares, as many near the ends as between them, six, two
  // and none are better than what is best elsewhere: 0.00275, 0.01215 and 0.0392.
  const GeneralGame game =
      domain_game(power(0, 0.7478505255573773, 1.0618798508234824), 2.8001150645612172, 0, 0.22842195668209442,
                  {{{Family::isoelastic, {1.3864206297726502, 0.18410331417078321}},
                    power(0, 0.2936819524044374, 1.0056682003645714),
                    0.3561992260380758},
                   {{Family::isoelastic, {3.0472646008206836, 0.27426986465696962}},
                    power(0, 0.20175429067713083, 1.0644968747194035)},
                   {{Family::hill, {2.4722767817800646, 5.5953088174388439, 5.8271626547067781}},
                    power(8.7562497208856733, 0.0031353422158391033, 2)}});
  CHECK(worth_of_bargain(game, Solution::egalitarian) > 0.114789);
  CHECK(worth_of_bargain(game, Solution::kalai_smorodinsky) > 0.21058);
  CHECK(worth_of_bargain(game, Solution::nash) > 0.05088);
}

TEST_CASE("where idle generalists are nearly the best of all samples, shares are found at which one builds all") {
  // Each domain's share for that investment by itself. Climbing from the samples ends at 12.2103, and so it did with
  // the lines.
  const GeneralGame game =
      domain_game(power(0.18444911115134377, 1.1918025908527821, 1.0247785422013131), 0, 0, 0.71522485157539895,
                  {{{Family::hill, {0.59212576036750642, 0.3345113546526815, 2.2596395591980158}},
                    power(0, 0.008542267569165771, 1.5786035789859014)},
                   {{Family::exponential_saturation, {1.4626849554694081, 3.9994952461467732}},
                    power(6.7147507033234, 7.5106734138699052, 1.4788429449891183)},
                   {{Family::logarithmic, {0.26876457824429389, 0.20040714954839356}},
                    power(0.010206566323058587, 14.356064603442119, 2),
                    0.0092029154236701778,
                    0.0045810828498868113},
                   {{Family::logarithmic, {1.0660141445623927, 0.67880875743754254}},
                    power(0, 0.0053086486964648788, 2),
                    2.3469461442875015}});
  CHECK(worth_of_bargain(game, Solution::max_performance) > 13.488);
}

TEST_CASE("where long first steps end at an edge, short ones go on along it") {
  // Elsewhere 8.7751139.
  const GeneralGame held = domain_game(power(0, 0.043031119323368359, 1.1110939676729121), 0, 0, 0.484358944555005,
                                       {{{Family::exponential_saturation, {5.9857985183580142, 4.0125045316811887}},
                                         power(0, 291.57497528486743, 2),
                                         0,
                                         0,
                                         0.25539437943302301},
                                        {{Family::hill, {2.1333846986996896, 2.4223183816443656, 3.2774879424880385}},
                                         power(0, 0.025601865957086824, 1.3041456908466063),
                                         1.9996770408633011,
                                         0,
                                         0},
                                        {{Family::hill, {8.2155914096202594, 3.6959548739470027, 4.8995917230262487}},
                                         power(0.015294644536207718, 1.100883264069187, 2),
                                         0,
                                         4.556117062439843}});
  CHECK(worth_of_bargain(held, Solution::egalitarian) > 8.77512141);
  // 22.34252
  const GeneralGame game = domain_game(power(0, 0.0031225152012185884, 2), 0, 0, 0,
                                       {{{Family::exponential_saturation, {0.24124279889845934, 4.4181775355499733}},
                                         power(0.050485876775423807, 0.035605318180014778, 1.0261599463188977),
                                         0.21814718599421323},
                                        {{Family::isoelastic, {1.2361605780610436, 0.99959607996216782}},
                                         power(0, 50.712938270039579, 2.3028898500928778)},
                                        {{Family::hill, {0.27759883799664559, 1.6053245767467126, 3.5675330174084703}},
                                         power(3.6680604822097949, 0.040312140901785344, 1.8957436156663923),
                                         0.0065391350057986321}});
  CHECK(worth_of_bargain(game, Solution::utilitarian) > 22.348);
}
