// SPDX-License-Identifier: MIT
// Peaks once taken for others: of the generalist's utility at one share, and of a utility along the shares.
#include <doctest/doctest.h>

#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;

namespace {

/// At the share of that logit the generalist's investment is about `base`, and as good as the reference's.
void check_equilibrium(GeneralGame game, double logit, double base) {
  game.solution = Solution::fixed;
  game.fixed_shares = {oracle::split_of_logit(logit).generalist};
  CAPTURE(text(game));
  const Played played = play_globally(game);
  REQUIRE(played.status == Status::solved);
  const auto reference = oracle::general::Play(game).equilibrium(
      std::vector(game.specialists.size(), oracle::split_of_share(game.fixed_shares.front())));
  CHECK(played.generalist_utility == doctest::Approx(reference.generalist_utility).epsilon(1e-11));
  CHECK(played.base_performance == doctest::Approx(base).epsilon(1e-3));
}

}  // namespace

TEST_CASE(
    "the generalist's higher peak is found beside a specialist that only revenues beyond any measure would bring") {
  GeneralGame game = game_of({Family::power, {0.022211863950168307, 0.01350826192164095, 2.0627116128236365}}, 0, 0,
                             0.7743243751591754,
                             {{{Family::logarithmic, {0.99647729151549747, 4.3657922745245168}},
                               {Family::power, {0, 5.0139527960208659, 2}},
                               0,
                               0,
                               1},
                              {{Family::exponential_saturation, {0.1795784046990388, 2.3927790031310558}},
                               {Family::power, {0.12165408760427403, 7.9154456293826012, 1.585067643685091}},
                               0,
                               0,
                               0.1481576347208621},
                              {{Family::isoelastic, {7.3012870969973154, 1.9431305648788793}},
                               {Family::power, {0.039579120184891993, 19.698714915380208, 2.0637538500946069}},
                               1.5420660059604976e+24,
                               7.1068462500404304e+20,
                               1},
                              {{Family::hill, {4.4213968786681495, 0.40798204822392836, 5.6185705532854184}},
                               {Family::power, {0.057363895735276102, 17.092899152423982, 1.2736400141990138}},
                               0,
                               0,
                               0.45280786481391144}});
  check_equilibrium(game, -4.813210568242102, 0.56535838);
}

TEST_CASE("a specialist's utility has two peaks on one smooth stretch of shares") {
  GeneralGame game = game_of({Family::power, {0, 0.006715476556349886, 1.0643038585078588}}, 0, 0, 0.22386408951148123,
                             {{{Family::hill, {0.21156975586928364, 0.42443563028487225, 2.4385077450514703}},
                               {Family::power, {0, 0.008182716854011984, 1.4228279455245922}},
                               0,
                               0,
                               0.082753248695963816},
                              {{Family::hill, {2.8762209942127264, 0.93831387449313086, 5.7589384275607474}},
                               {Family::power, {0, 0.014464170861130827, 1.0377910619805453}},
                               0,
                               0,
                               1},
                              {{Family::exponential_saturation, {0.91848742112391879, 1.3765815755998523}},
                               {Family::power, {0.34283217577858111, 14.204662089783834, 2}},
                               0,
                               0,
                               1},
                              {{Family::exponential_saturation, {3.5771552225004157, 3.2377585846917039}},
                               {Family::power, {1.7569518714179788, 3.0702567629421211, 1.005817341938821}},
                               0,
                               0,
                               4.3297758264621216}});
  game.powerful = 1;
  check_as_good(game, Solution::powerful_specialist, -4.307771202709568);
}

TEST_CASE("a share at which a gain drowns in its rounding does not win a tie with one whose gains are known well") {
  const GeneralGame game =
      game_of({Family::power, {0, 1.9698742171236725, 1.8386332641090264}}, 4.544652568080938, 0, 0.41543753322491372,
              {{{Family::logarithmic, {0.86770659021772811, 3.7647964788541279}},
                {Family::power, {2.1460892157097979, 1.3349392637500446, 1.2316057699752554}},
                0,
                0,
                0.0015595684072142299},
               {{Family::isoelastic, {6.6604744825310123, 1.7830171751897077}},
                {Family::power, {0, 8.3014605668615697, 1.8929523635465044}},
                356.60839652746967,
                0,
                0.64160983392842907},
               {{Family::isoelastic, {5.1659438045940327, 0.12251793181856424}},
                {Family::power, {0.39810226578935182, 8.0483113405341218, 1.0316701724361645}},
                0,
                5.7085118613313837,
                1},
               {{Family::hill, {1.040320390736766, 0.70495714849385982, 0.60736327314885785}},
                {Family::power, {4.0610570195012432, 0.031414866381562961, 1.4239159679428042}},
                0.40333759590767948,
                0,
                1}});
  check_as_good(game, Solution::egalitarian, -1.453115597580575);
}

TEST_CASE("where S-shaped marginal revenue vanishes from numbers nothing is said of how it bends") {
  GeneralGame game = game_of({Family::power, {0, 0.047431611643489115, 1.0286343803582647}}, 0, 0, 0.5,
                             {{{Family::hill, {5.4831398547366268, 14.400083083646019, 5.7843349559742157}},
                               {Family::power, {0.73609357333038239, 47.704090323624953, 1.0115281741966273}},
                               0,
                               0,
                               1},
                              {{Family::exponential_saturation, {2.5144499898616823, 0.58917999495439255}},
                               {Family::power, {6.9548392133378885, 23.389166798623052, 1.0067800362016703}},
                               0,
                               -0.67833540285232874,
                               1}});
  check_equilibrium(game, -1.455, 1.6453725);
}

TEST_CASE("just before a deal ends a specialist may be held ever dearer") {
  const GeneralGame game = game_of({Family::power, {0.074779290085699293, 0.0082483866942113168, 1.1059952616036812}},
                                   0, 0, 0.28118691122630307,
                                   {{{Family::hill, {0.29600880651409939, 0.053685600602594141, 4.3648522691133405}},
                                     {Family::power, {0, 25.411248246289855, 1.0685069189439305}},
                                     0,
                                     0.073625967182118182,
                                     1},
                                    {{Family::logarithmic, {0.30081713527272735, 0.1223385006539242}},
                                     {Family::power, {0.72522786031819719, 60.8109727470341, 1.3377829155595835}},
                                     0.40542193850557545,
                                     0,
                                     1},
                                    {{Family::hill, {9.7658523978241067, 0.32609675410657846, 3.7456347582771543}},
                                     {Family::power, {0, 0.047149479768846952, 2}},
                                     2.7181613682347381,
                                     -1.9617630025863442,
                                     1}});
  check_as_good(game, Solution::max_performance, 2.4774615764);
}

TEST_CASE("a peak that rules for a moment before a threshold runs off to infinity") {
  const GeneralGame game = game_of({Family::power, {0, 0.34417471897186347, 2}}, 0, 0, 0.22855175422694424,
                                   {{{Family::exponential_saturation, {0.43106313345278552, 0.077507864852683253}},
                                     {Family::power, {0, 16.033849519872486, 1.1125149746147911}},
                                     0.20908882606036694,
                                     0,
                                     0.37914131894750575},
                                    {{Family::hill, {5.4709583917843156, 0.058386520869585672, 5.4278747846364546}},
                                     {Family::power, {0.056651576258720235, 5.0356533034287274, 1.0078453175386937}},
                                     2.6881593458376747,
                                     0,
                                     1},
                                    {{Family::hill, {0.27916654538239011, 11.708955747899832, 3.0159512511977371}},
                                     {Family::power, {0.041042073698503677, 1.184634622459658, 2.7125625669020548}},
                                     0,
                                     2.7830190770546352e-06,
                                     0.11368588156845924},
                                    {{Family::isoelastic, {3.2622887196582844, 0.37432897338043758}},
                                     {Family::power, {0.65490268761964876, 0.096702307303220242, 2}},
                                     1.1444941524232868,
                                     0,
                                     0.49056974015775351}});
  check_as_good(game, Solution::egalitarian, 0.034599688254021502);
}

TEST_CASE("two peaks of one regime, one after the other, are no smooth stretch though both measures fall") {
  GeneralGame game = game_of({Family::power, {0, 0.60071919071108626, 1.1458062646353386}}, 0, 0, 0.69354591231357599,
                             {{{Family::isoelastic, {1.205943886569661, 0.46919604481226163}},
                               {Family::power, {0, 1.7483550754697972, 1.0446012568202507}},
                               0,
                               0,
                               0.43137621272075133},
                              {{Family::hill, {6.2541720301145514, 0.13952393988879105, 3.5919411751210708}},
                               {Family::power, {0.013103267299152699, 0.042847064258074878, 1.116711767250425}},
                               0,
                               0,
                               1}});
  game.solution = Solution::kalai_smorodinsky;
  const double share = play_globally(game).share;
  CHECK(std::log(share / (1 - share)) == doctest::Approx(1.1998959799692499).epsilon(1e-7));  // by brute force
}

TEST_CASE("a peak beyond the threshold that holds the generalist at both looks, far apart") {
  GeneralGame game = game_of({Family::power, {0, 2.461076292471462, 2}}, 0, 0, 0.53817215518264239,
                             {{{Family::isoelastic, {1.1713031146172148, 0.99150571477773008}},
                               {Family::power, {0.052958619900340072, 217.97394057940582, 1.1255445522444827}},
                               0,
                               0,
                               12.391146151837619},
                              {{Family::logarithmic, {0.1414140867738051, 0.73057714168200183}},
                               {Family::power, {0.051703440160286857, 0.0072291278013801395, 1.0088001622094542}},
                               0.036312692175139639,
                               0,
                               1},
                              {{Family::exponential_saturation, {0.25558765221456253, 0.074916255772696519}},
                               {Family::power, {2.3541588063658523, 0.14788436727317089, 2}},
                               0.0039110249819828769,
                               0.12034981678002851,
                               1},
                              {{Family::exponential_saturation, {0.27395740422497472, 0.068298299660792053}},
                               {Family::power, {0, 0.51815901690764798, 1.024376151609752}},
                               0,
                               0,
                               1}});
  check_as_good(game, Solution::nash, -0.945);
}

TEST_CASE("a jump that holds the generalist between two looks at neither of which it does") {
  GeneralGame game = game_of({Family::power, {0, 7.6894602086361123, 2.1334482120943119}}, 0, 0, 0.5,
                             {{{Family::hill, {0.56683680441149642, 0.45908805630377209, 2.8791311780387612}},
                               {Family::power, {0.015408644335927868, 0.14223285056103269, 1.0692792476478044}},
                               0,
                               0,
                               1},
                              {{Family::hill, {2.5847349588783675, 0.10113775675641913, 7.3833100110241174}},
                               {Family::power, {0, 24.517672013545297, 1.314128805002527}},
                               0,
                               0,
                               1},
                              {{Family::hill, {1.3885831306783238, 0.41678373340178626, 6.4170693080840406}},
                               {Family::power, {0, 5.6107440005138818, 1.3380647876995631}},
                               0,
                               0,
                               1}});
  game.powerful = 0;
  check_as_good(game, Solution::powerful_specialist, 1.767);
  game.powerful = 2;
  check_as_good(game, Solution::powerful_specialist, 1.767);
}

TEST_CASE("a second peak beside the first, on one smooth piece whose ends both fall") {
  GeneralGame game = game_of({Family::power, {0, 0.050510901348788682, 1.419721066847659}}, 0, 0, 0,
                             {{{Family::logarithmic, {0.55739250230950765, 0.39853596875201019}},
                               {Family::power, {0, 29.163332246302993, 2}},
                               0,
                               0,
                               1},
                              {{Family::hill, {0.14220568336032149, 1.5654223079616212, 1.5156130010238353}},
                               {Family::power, {0, 0.0046679907236703427, 1.0108429950323738}},
                               0,
                               0.0087575491581819796,
                               11.849340086410161},
                              {{Family::exponential_saturation, {7.7443030108033275, 1.8719804120993262}},
                               {Family::power, {0, 2.6053041443178238, 2}},
                               0,
                               0.42574790027686732,
                               0},
                              {{Family::hill, {2.3012660038673363, 1.2308042383998101, 1.6240161348587985}},
                               {Family::power, {0, 9.2559686827111349, 2}},
                               0,
                               0.075000667631260051,
                               0.22263954338122358},
                              {{Family::logarithmic, {5.6681701765576253, 2.7174145051069289}},
                               {Family::power, {3.0564355764668036, 0.028683091130039709, 2}},
                               0,
                               0,
                               1}});
  check_as_good(game, Solution::egalitarian, -1.9476);
}

TEST_CASE("a peak of the generalist's at a tiny investment, as good as where revenue begins but for a hair") {
  const GeneralGame game = game_of({Family::power, {0, 203.46603335766807, 1.1259420969706861}}, 0.19368942069747649,
                                   0.036173599873916704, 0.77403488172338464,
                                   {{{Family::isoelastic, {1.2987872080282752, 0.90019071727505517}},
                                     {Family::power, {5.5357023530266982, 13.959726592539228, 2}},
                                     0,
                                     0,
                                     1},
                                    {{Family::isoelastic, {0.32381097878041604, 0.33498281312856143}},
                                     {Family::power, {0, 0.031368354949816886, 1.0122253310319838}},
                                     0,
                                     0.007795063859897553,
                                     4.1949714576653561}});
  check_as_good(game, Solution::nash, 0.72746488037361845);
}

// With all revenue the specialist would contribute at an investment where revenues are still below costs, and hold back
// what a bit more of it brings; further on, or with less revenue, it rides free and they are not.
TEST_CASE("a peak is found beyond where a specialist that had all revenue would still contribute") {
  const auto with = [](const GeneralFunction& cost, const GeneralFunction& revenue, const GeneralFunction& adaptation) {
    return game_of(cost, 0, 0, 0.5, {{revenue, adaptation}});
  };
  check_equilibrium(with({Family::power, {0.77220705838687353, 0.065383090490649581, 1.5441779449176438}},
                         {Family::hill, {1.9532944951274513, 1.1896253346789154, 2.9044250910988945}},
                         {Family::power, {1.3105307534590196, 0.21180609602757763, 1.9954514137340551}}),
                    7.8125, 1.4546254);
  check_equilibrium(with({Family::power, {0.31720688527374485, 0.089070433906004887, 1.5173553415387615}},
                         {Family::hill, {0.66453307611724965, 1.0183899667857819, 6.2847477009711064}},
                         {Family::power, {0.99277853433576835, 2.236468852960221, 2.7514966358322486}}),
                    7, 1.2980357);
  check_equilibrium(with({Family::power, {0.10865569678297857, 0.0092878199277692738, 1.4147874421589706}},
                         {Family::hill, {0.33663288376595346, 1.359500322088097, 2.261993390754951}},
                         {Family::power, {0.16784471979648899, 0.00052761189999613674, 3.8344501507943809}}),
                    7, 1.509538);
}
