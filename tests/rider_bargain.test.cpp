// SPDX-License-Identifier: MIT
// One specialist whose first bit of adaptation costs something: contributing, riding free and idle places compete. And
// other games that the fast path has got wrong, or nearly.
#include <doctest/doctest.h>

#include <algorithm>

#include "both_paths.hpp"

namespace haggle::test {
// With k > 3/2 the generalist's investment jumps where contributing ends, by next to nothing: a place just before it
// may be the best, the jump itself, or neither.
TEST_CASE("the best share may be next to where contributing ends") {
  check_nash({nash_game({Family::power, {0, 2.7486858429591585, 2.2033917899889}}, 0.86901541567526963,
                        {Family::isoelastic, {1.2281705590963721, 0.42186495836645305}},
                        {Family::power, {0.12220645302353438, 1.1642363279869778, 1.6096133788541158}})});
  check_nash({nash_game({Family::power, {0.077592723739400293, 1.4539284924118181, 2.5521202322380034}},
                        0.83385483157962415, {Family::logarithmic, {1.6335757573647416, 2.7922708974905297}},
                        {Family::power, {0.04846022319317931, 3.8515850256064899, 1.8308410716441021}})});
  check_nash({nash_game({Family::power, {0, 0.43991640592245873, 1.8381638869270143}}, 0.55451228051998769,
                        {Family::hill, {1.375890238475425, 1.0331158863393275, 0.48553788593638381}},
                        {Family::power, {0.18289927116702215, 4.9601868073022537, 1.909673366688333}})});
}

// Between the walk's last place and such a jump the product may rise, fall and jump, or the jump itself may rise.
TEST_CASE("a peak just before a jump, or just after it, is not taken for the jump") {
  check_nash({nash_game({Family::power, {0.11760022435393831, 0.15714875584748997, 2.6321779176704201}},
                        0.81346007375582008, {Family::isoelastic, {1.5608276805983683, 0.54811371105743234}},
                        {Family::power, {0.10664326445572712, 6.0859929004932942, 1.6047147331789415}})});
  const GeneralFunction flat{Family::power, {0.10109125069755494, 0.14960032547029134, 1.0702274548344786}};
  check_nash({nash_game({Family::power, {0.048827214254003298, 0.40744533526240523, 2.4693643445282154}},
                        0.24739855334964722, {Family::exponential_saturation, {1.2344791183295418, 2.8729014388893535}},
                        {Family::power, {0.1591447506553193, 1.1796769928510178, 1.51}}),
              nash_game(flat, 0.51056575738031162,
                        {Family::exponential_saturation, {1.0212118854294341, 0.75331196271615075}}, flat)});
}

// Right before riding free is better than none, both investing is better still.
TEST_CASE("an idle generalist is idle up to where it jumps") {
  check_nash(
      {nash_game({Family::power, {0.068216824156775435, 2.7425717307774993, 4.7610474646998613}}, 0.30639738718341802,
                 {Family::hill, {0.71757483336494576, 1.207492191489256, 0.5201296305792289}},
                 {Family::power, {0.16785078418976634, 0.25726754536067786, 2}})});
}

// The generalist's better peak may be one at which the specialist would not take part: then it goes to the other.
TEST_CASE("a specialist who would leave the better peak makes the generalist take the other") {
  GeneralGame near_the_tie =
      nash_game({Family::power, {0, 3.4984987115202433, 4.6357660989491762}}, 0.07424712334991955,
                {Family::logarithmic, {1.5452217692902508, 1.6270413802066557}},
                {Family::power, {0.6273107196829466, 1.228995000309161, 2.97519480512491}});
  near_the_tie.fixed = 0.0013966620197509328, near_the_tie.specialists.front().fixed = 0.16095050700147451;
  check_nash({near_the_tie});
  GeneralGame between_places =
      nash_game({Family::power, {0.12145402151969271, 0.32903717681320582, 4.3865713875363701}}, 0.79992924619633865,
                {Family::exponential_saturation, {0.54620896870519131, 0.48931194242313703}},
                {Family::power, {0.17557585715888122, 0.40126681205648662, 2.0449364423240395}});
  between_places.specialists.front().fixed = 0.13971036366246301;
  check_nash({between_places});
  GeneralGame from_none =
      nash_game({Family::power, {0.013266519971679238, 0.14383864987264627, 2.4979878873491415}}, 0.64532416838906448,
                {Family::hill, {1.3441220180736322, 2.4684507728833252, 0.59419097415728295}},
                {Family::power, {0.19603965100220377, 0.0022422173008646183, 2.5157085899201723}});
  from_none.specialists.front().fixed = 0.18320910199288731;
  check_nash({from_none});
}

// Along both peaks utility rises nearly alike: where one becomes the better is known only roughly at first.
TEST_CASE("a peak is taken only where it is the generalist's better one, however flat they cross") {
  check_nash({nash_game({Family::power, {0, 0.0049815607204635893, 3.9743188168724322}}, 0.12469135951319918,
                        {Family::exponential_saturation, {1.6936782971120463, 0.38401179168893879}},
                        {Family::power, {0.20879877933641752, 0.50030358171906819, 2.1300245565314047}})});
}

// Peaks on both sides of the kink at which the generalist's investment begins, their products 4e-8 apart.
TEST_CASE("contributing may have its peak right after it begins") {
  GeneralGame game = nash_game({Family::power, {0.064851097084154735, 2.5075228938602203, 2.0864267818405784}},
                               0.43534670991968949, {Family::logarithmic, {1.999233578684783, 0.48783945219336639}},
                               {Family::power, {0.01332200164291213, 0.0073516297453178449, 2.3353501878543339}});
  game.specialists.front().fixed = 0.062901875011761754;
  check_nash({game});
}

TEST_CASE("the generalist begins to invest, or stops, while the specialist does") {
  // No share makes both invest: first bits of both cost more than all first revenue. The better deal is riding free.
  check_nash({nash_game({Family::power, {0.0799314683178243, 0.20116147044181723, 2.1812389567427601}},
                        0.71739602359439825, {Family::logarithmic, {0.56672843587356869, 3.2766552282453536}},
                        {Family::power, {0.16272798733081414, 0.25886453555617417, 1.8087125753426108}})});
  // From no investment at once to both's, and from there on to riding free.
  check_nash(
      {nash_game({Family::power, {0.021102504514838017, 3.459204829297081, 2.7507912697847186}}, 0.48025736373787503,
                 {Family::hill, {0.64749672123541879, 3.0093821471253932, 0.95990112568058861}},
                 {Family::power, {0.17975256310108159, 0.83465183147513544, 1.6163927576273005}}),
       nash_game({Family::power, {0.18039512195934837, 0.25079096665526879, 2.2409961527025297}}, 0.68897230686572086,
                 {Family::hill, {1.319217192084077, 0.48075575579235946, 0.41357488630505718}},
                 {Family::power, {0.017989793603055238, 6.5107722803185775, 1.5992775364530836}})});
  // From none to both, to none again, and to riding free.
  check_nash({nash_game({Family::power, {0.15168886540198345, 3.7368685799222097, 2.1713441915555789}},
                        0.34049786672762034, {Family::logarithmic, {1.470408349494515, 2.6647362182174446}},
                        {Family::power, {0.17959141588560867, 0.1615301729737518, 2.9819650823492361}})});
}

TEST_CASE("riders' bargains are the slow path's") {
  Random random(71);
  for (const Family family : {Family::isoelastic, Family::logarithmic, Family::exponential_saturation, Family::hill}) {
    std::vector<GeneralGame> games;
    for (std::size_t i = 0; i < effort(250); ++i) {
      const auto cost = [&](bool linear) -> GeneralFunction {
        return {Family::power,
                {linear ? random.log_uniform(0.03, 0.2) : 0.0, random.log_uniform(0.1, 10), random.uniform(1.5, 3)}};
      };
      GeneralFunction revenue{family, {random.log_uniform(0.5, 2), random.log_uniform(0.3, 4)}};
      if (family == Family::isoelastic) revenue.numbers[1] = random.uniform(0.2, 0.8);
      if (family == Family::hill) revenue.numbers.push_back(random.uniform(0.3, 1));
      games.push_back(nash_game(cost(random.uniform(0, 1) < 0.7), random.uniform(0.1, 0.9), revenue, cost(true)));
    }
    check_nash(games);
    // Drawn to be nasty: nearly linear and steep costs, first bits from next to nothing to all, fixed costs.
    for (GeneralGame& game : games) {
      const auto often = [&] { return random.uniform(0, 1) < 0.5; };
      for (GeneralFunction* cost : {&game.cost, &game.specialists.front().cost}) {
        if (often()) cost->numbers[0] *= random.log_uniform(0.007, 20);
        if (often()) cost->numbers[1] *= random.log_uniform(0.007, 20);
        if (often()) cost->numbers[2] = random.uniform(1.1, 6);
      }
      if (often()) game.specialists.front().fixed = random.log_uniform(1e-3, 1);
      if (often()) game.fixed = random.log_uniform(1e-3, 1);
    }
    check_nash(games);
  }
}

TEST_CASE("a specialist held at its outside option makes a deal, though nobody gains along the walk") {
  GeneralGame game = nash_game({Family::power, {0, 1.1050322186637522, 2.6090359633851858}}, 0.343332,
                               {Family::logarithmic, {0.51243671179213235, 2.5653558754050874}},
                               {Family::power, {0, 4.692392007110338, 1.7348788556285393}});
  game.fixed = 0.0029767510724289649;
  game.specialists.front().fixed = 0.013604788956760117;
  const auto table = table_of(game);
  const auto& o = table->form.outputs;
  for (const InstructionSet isa : supported_instruction_sets()) {
    const Columns solved = solve_fast(*table, {game}, isa);
    CHECK(solved[o.status][0] == static_cast<double>(Status::solved));
    CHECK(std::abs(solved[o.specialist_utility][0]) <= 1e-15);
    CHECK(solved[o.generalist_utility][0] > 5e-3);
  }
}

}  // namespace haggle::test
