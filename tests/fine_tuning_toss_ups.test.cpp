// SPDX-License-Identifier: MIT
// Games whose numbers differ so much in size that rounding decides the generalist's choice between regimes, or a
// threshold: the choice must be one and the same from share to share, and the search must end.
#include <doctest/doctest.h>

#include <algorithm>

#include "haggle/solver/spe.hpp"
#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;

namespace {

/// The generalist's investment at the second share, the first having been solved before it.
double base_after(const GeneralGame& game, double logit_before, double logit) {
  const auto table = table_of(game);
  const std::vector<double> row = row_of(*table, game);
  fine_tuning::Play<double> play(table->form);
  play.read(table->form, [&](std::size_t column) { return row[column]; });
  fine_tuning::SpeSolver solver;
  REQUIRE(solver.start(play) == Status::pending);
  solver(fine_tuning::share_at_logit(logit_before));
  return solver(fine_tuning::share_at_logit(logit)).base_performance;
}

GeneralGame held_by_saturated_revenue() {
  return game_of({Family::power, {0.13146580593659801, 0.36774233787115795, 1.1018600433404606}}, 0, 0,
                 0.0014010615907760653,
                 {{{Family::hill, {0.33759480276793097, 0.24552509868426123, 4.3553443531911684}},
                   {Family::power, {0, 156.37451312623156, 2}},
                   0,
                   0.11127656639311602,
                   0.051096161465113317},
                  {{Family::isoelastic, {7.4600704425662707, 0.76558217646747106}},
                   {Family::power, {6.6243169456692712, 45.189689888351822, 1.0974545661646313}},
                   284.48982091041972,
                   3.6080832156795449e-06,
                   1},
                  {{Family::exponential_saturation, {7.5992062457192588, 2.1564701038969027}},
                   {Family::power, {1.6940749888059838, 6.1224819722413146, 2}},
                   2.500214096426542,
                   0.0030290637303614855,
                   0.061222217228312427}});
}

void check_no_memory(const GeneralGame& game, double logit) {
  const double base = base_after(game, logit, logit);
  for (const double before : {-3.0, -1.0, 0.0, 0.5, 1.0, 1.43, 4.0}) {
    CAPTURE(before);
    CHECK(base_after(game, before, logit) == doctest::Approx(base).epsilon(1e-9));
  }
}

/// How often, from share to share, it changes how many take part.
int changes_of_party(const GeneralGame& game, double from, double to) {
  const auto table = table_of(game);
  const std::vector<double> row = row_of(*table, game);
  fine_tuning::Play<double> play(table->form);
  play.read(table->form, [&](std::size_t column) { return row[column]; });
  fine_tuning::SpeSolver solver;
  REQUIRE(solver.start(play) == Status::pending);
  int changes = 0;
  std::ptrdiff_t last = -1;
  for (int k = 0; k <= 300; ++k) {
    const fine_tuning::Equilibrium& e = solver(fine_tuning::share_at_logit(from + (to - from) * k / 300));
    const std::ptrdiff_t now = std::ranges::count_if(e.specialists, &fine_tuning::SpecialistMove::takes_part);
    changes += last >= 0 && now != last ? 1 : 0;
    last = now;
  }
  return changes;
}

void check_solved(GeneralGame game, Solution solution) {
  game.solution = solution;
  CHECK(play_globally(game).status == Status::solved);
}

}  // namespace

TEST_CASE("where a specialist's utility has stopped rising its threshold does not hang on the share before") {
  check_no_memory(held_by_saturated_revenue(), 0.70992344276783514);
}

TEST_CASE("a specialist is held ever dearer over a few neighbouring shares, and others gain by it") {
  check_as_good(held_by_saturated_revenue(), Solution::utilitarian, 0.70992344276783514);
}

TEST_CASE("one specialist's revenue drowns the others, and the generalist's choice between them is a toss-up") {
  const GeneralGame game =
      game_of({Family::power, {0.032067852106854103, 11.284351041814134, 2}}, 0, 0, 0.93550129391444525,
              {{{Family::isoelastic, {1.4630414978177979, 1}},
                {Family::power, {0, 0.53270536452725825, 2}},
                1589.1217430787415,
                0,
                1},
               {{Family::isoelastic, {0.77211787296118328, 1.295748591251332}},
                {Family::power, {0, 0.007724483684444978, 1.4083582363739291}},
                1.3070648465634091e+21,
                -1.0719425427474307e+21,
                0.24397990753608861},
               {{Family::isoelastic, {2.143983349766275, 0.58402810418003237}},
                {Family::power, {0, 0.013626025007182362, 1.0493665225526638}},
                255.34541693086584,
                0,
                0.63412092258470587}});
  for (const Solution solution : {Solution::kalai_smorodinsky, Solution::egalitarian})  // somebody always gains nothing
    check_solved(game, solution);
}

TEST_CASE("five specialists of whom one drowns the others") {
  const GeneralGame game = game_of({Family::power, {0, 0.73092108052563587, 2}}, 0, 0, 0.53353970623372349,
                                   {{{Family::logarithmic, {1.235486003763913, 0.29741839022101191}},
                                     {Family::power, {0.05461638811899739, 208.47801870825035, 1.0948233842708366}},
                                     0.85262228379943794,
                                     0,
                                     1},
                                    {{Family::isoelastic, {0.10295535081482105, 1.1305226705563949}},
                                     {Family::power, {0, 0.0076280502515348797, 1.1916801428725867}},
                                     0,
                                     0,
                                     0.13168600162795224},
                                    {{Family::isoelastic, {0.88427531849000229, 1}},
                                     {Family::power, {0.054873079349843104, 202.15866969219141, 2}},
                                     0.56838522290092053,
                                     0,
                                     1},
                                    {{Family::exponential_saturation, {2.6468081866062767, 2.7906378316460443}},
                                     {Family::power, {0, 22.556508020596212, 1.0125523728918995}},
                                     0.51142987350287106,
                                     0,
                                     1},
                                    {{Family::hill, {0.82797987852127508, 2.7056844527473696, 4.3754735700784453}},
                                     {Family::power, {0.024640711639530091, 4.5445165148604962, 2}},
                                     0.12559277468286886,
                                     0,
                                     1}});
  for (const Solution solution : {Solution::nash, Solution::egalitarian, Solution::utilitarian,
                                  Solution::powerful_generalist, Solution::max_performance})
    check_as_good(game, solution, solution == Solution::max_performance ? -7 : -2.5);
}

TEST_CASE("powers of large numbers are noisier than their logarithms' size") {
  const GeneralGame game = game_of({Family::power, {0, 15.581343262380155, 2}}, 0, 0, 0.76776378706671033,
                                   {{{Family::logarithmic, {0.92452377937438501, 16.975048925977539}},
                                     {Family::power, {0, 0.014183325972287579, 1.0129506909790158}},
                                     0,
                                     0,
                                     6.8155071405199319},
                                    {{Family::hill, {0.27012289478778762, 0.17944442734813815, 2.6487734401129943}},
                                     {Family::power, {1.5597087729151802, 0.061784297192268058, 1.0222488871020019}},
                                     0.25448831669591149,
                                     0,
                                     0.061363293570438016},
                                    {{Family::exponential_saturation, {1.0870061282605636, 11.163689243656714}},
                                     {Family::power, {0, 3.1881296826474705, 1.145634901829869}},
                                     0,
                                     0.1774137671625256,
                                     3.4099529055562647},
                                    {{Family::isoelastic, {9.6236168777741771, 1.8996049909114257}},
                                     {Family::power, {0.095571465749400994, 0.13789621177632355, 2.0133667322442683}},
                                     0,
                                     0,
                                     1},
                                    {{Family::hill, {1.0753484704229239, 11.678681757186849, 4.8515251912590278}},
                                     {Family::power, {0.21416747492566554, 10.813663614131851, 1.0221554493453655}},
                                     0,
                                     0.33756633825173799,
                                     0.046787395177266274}});
  check_as_good(game, Solution::powerful_specialist, -20);
}

TEST_CASE("one tie after another does not lead away from the best") {
  const GeneralGame game = game_of({Family::power, {0, 17.461839534280173, 1.809090836655451}}, 0, 0.48110947144761534,
                                   0.00026007548587842557,
                                   {{{Family::exponential_saturation, {4.8357239895334621, 12.982706943013625}},
                                     {Family::power, {0, 49.15561784773061, 1.0160009610929859}},
                                     0.00032843241163753816,
                                     0,
                                     3.8659403312793934},
                                    {{Family::isoelastic, {0.26135432197201103, 0.9802217932602374}},
                                     {Family::power, {0, 224.2373974142551, 1.1486071403906895}},
                                     0,
                                     0,
                                     1.234217702202649},
                                    {{Family::isoelastic, {0.3813619926654504, 1.6591304465506977}},
                                     {Family::power, {1.9218220387099478, 0.075239469422125518, 2.2340430065597685}},
                                     4.0302671809579024e-05,
                                     0,
                                     1},
                                    {{Family::hill, {4.7056290281452675, 0.13146917281845891, 1}},
                                     {Family::power, {0, 0.097381997353004179, 1.049111347157595}},
                                     3.5018693258492553,
                                     0,
                                     0.11518256157494074},
                                    {{Family::isoelastic, {1.7201066182511673, 0.99280186837242324}},
                                     {Family::power, {0, 20.153562931082849, 1.1310146185487149}},
                                     0.0021835156389057339,
                                     0.0038196409320503922,
                                     1}});
  // The least gain is 1e-11 of the money, and rounding 1e-5 of it.
  check_as_good(game, Solution::egalitarian, -1.6475506959181889, 5e-5);
}

TEST_CASE("whether it pays to go a little further for one more specialist is no toss-up") {
  GeneralGame game;
  SUBCASE("one that hardly counts") {
    game = game_of({Family::power, {0, 0.0031278779316901554, 1.7390923722355969}}, 0, 1.4353144219182626e+53,
                   0.46927176570260332,
                   {{{Family::isoelastic, {1.7341891173790756, 1}},
                     {Family::power, {0, 76.375872521288898, 1.1351606755105945}},
                     2.1903489678785896e+32,
                     0,
                     16.06167235823397},
                    {{Family::isoelastic, {1.3588092228360444, 0.25422339701332342}},
                     {Family::power, {0, 108.42035249648274, 2}},
                     101420676.59308252,
                     0,
                     1},
                    {{Family::isoelastic, {4.1464823831509285, 1.6471021158115295}},
                     {Family::power, {0, 0.057717447823420989, 1.7078306029201396}},
                     0,
                     0,
                     1}});
    CHECK(changes_of_party(game, 3.3003, 3.3004) == 1);
  }
  SUBCASE("another") {
    game = game_of({Family::power, {1.0126726553817744, 0.0070519966178007156, 1.2488639440916438}}, 0, 0,
                   0.17002234577526373,
                   {{{Family::isoelastic, {0.19669499224955314, 1.1444503562768005}},
                     {Family::power, {0.077225416910013805, 0.10049789449325297, 2}},
                     0,
                     0,
                     1.1397552609587414},
                    {{Family::logarithmic, {1.1170858704865381, 0.89443975064700587}},
                     {Family::power, {0, 0.024214412827237984, 2}},
                     0,
                     0.30938298609647996,
                     0.080989247126536545},
                    {{Family::isoelastic, {1.6073535749026382, 0.57447888507670608}},
                     {Family::power, {0.031759365898431348, 0.55186578117249463, 2.3408215717527967}},
                     0,
                     0,
                     0.1061292919331789}});
    CHECK(changes_of_party(game, 4.69284261, 4.69284262) == 1);
  }
}

TEST_CASE("where money is next to nothing a bargain is found, whatever its unit") {
  GeneralGame game = game_of({Family::power, {0, 4.9353976850629833, 2.9980133523959722}}, 0, 0, 0.92468790579828009,
                             {{{Family::hill, {1.7587292132842236, 3.1214268522022923, 2.9517065064466292}},
                               {Family::power, {0, 1.4225495159494155, 2.3982821513448123}}}});
  game.solution = Solution::nash;
  const Played little = play_globally(game);  // 1e-125
  REQUIRE(little.status == Status::solved);
  CHECK(little.performance[0] < 1e-40);
  const double unit = 0x1p100;
  GeneralSpecialist& s = game.specialists.front();
  for (double* money : {&game.cost.numbers[1], &s.revenue.numbers[0], &s.cost.numbers[1]}) *money *= unit;
  const Played more = play_globally(game);
  REQUIRE(more.status == Status::solved);
  CHECK(more.share == doctest::Approx(little.share).epsilon(1e-8));
  CHECK(more.surplus == doctest::Approx(little.surplus * unit).epsilon(1e-6));
}

TEST_CASE("a toss-up of the generalist's within a few units of its revenue's last place") {
  const GeneralGame game =
      game_of({Family::power, {2.819066493981905, 0.24528738159970578, 2.0143234613050045}}, 0, 0, 0.4958760843036335,
              {{{Family::isoelastic, {0.534372790304669, 1.963672047808775}},
                {Family::power, {0.018807762297830172, 0.67187188253520946, 2.2279429275422427}}}});
  check_as_good(game, Solution::max_performance, 18.351593778768372);
}

// The specialist takes part just before it begins to contribute, which it does with a jump of 1e-9. In the second the
// search for what is better at the jump once went on below where it takes part, and called that a deal.
TEST_CASE("next to where a specialist begins to take part it jumps to a contribution next to nothing") {
  const auto owing = [](const GeneralFunction& cost, double weight, double fixed, const GeneralFunction& revenue,
                        const GeneralFunction& adaptation, double its_fixed) {
    GeneralGame game = game_of(cost, fixed, 0, weight, {{revenue, adaptation, its_fixed}});
    game.solution = Solution::nash;
    return game;
  };
  for (const GeneralGame& game :
       {owing({Family::power, {0, 1.2838816917883327, 1.7656239216092273}}, 0.23026621576298317, 0,
              {Family::hill, {0.71900774278908286, 1.7219263475138591, 3.4011315786477567}},
              {Family::power, {0.063880882039994341, 2.2376987877807832, 2.1784173885879268}}, 0.018722605898457475),
        owing({Family::power, {0, 0.37797826585639199, 2.4895928085645154}}, 0.088781573589128859, 0,
              {Family::hill, {1.1823171508703703, 3.6526444654587222, 2.3738415473731962}},
              {Family::power, {0.040182658174459034, 3.8350895028591796, 2.215563054339432}}, 0.013044110589800609),
        owing({Family::power, {0.0097206105520618591, 0.17587504435489371, 2.8700163507329002}}, 0.94930593843198019,
              0.014837007193298, {Family::hill, {0.75188091903114029, 2.5457678460081872, 5.9474076100908961}},
              {Family::power, {0.03643963114598938, 1.8809188298443507, 2.1833956667534338}}, 0.010964230130165316),
        owing({Family::power, {0.15414965222423949, 0.74215062133226184, 1.682454151695443}}, 0.48805451045822279,
              0.00064411387170238538, {Family::hill, {1.0176389530025072, 2.9710050801536489, 3.7175893473450681}},
              {Family::power, {0.042243169821918093, 2.8689332664967977, 2.2301827043498905}}, 0.018678808438476999)}) {
    INFO(text(game));
    CHECK(play_globally(game).status == Status::no_deal);
  }
}
