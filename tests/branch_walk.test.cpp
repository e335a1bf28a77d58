// SPDX-License-Identifier: MIT
// S-shaped revenue, one specialist: bargains next to where the generalist begins to invest, or where the specialist
// passes over to riding free, so that only small steps lead to them.
#include <doctest/doctest.h>

#include "both_paths.hpp"

namespace haggle::test {
namespace {

std::vector<GeneralGame> next_to_beginning() {
  return {
      nash_game({Family::power, {0.034216283324274559, 3.6864450711673729, 1.8496961737395448}}, 0.16997848844968833,
                {Family::hill, {1.9379463445089435, 0.26298740546993898, 1.6691103964480623}},
                {Family::power, {0.17383054676421472, 0.52066976153760858, 2.293657441501316}}),
      nash_game({Family::power, {0.14295093891325183, 4.6682418187808867, 1.6132323924443581}}, 0.44296345247831054,
                {Family::hill, {0.77817131598168632, 0.36970991959068161, 1.2303832646804622}},
                {Family::power, {0.11168061736098896, 2.0758739904577337, 1.9868954759950572}}),
      nash_game({Family::power, {0.12955295893002633, 6.9588791192242905, 1.7349160858027137}}, 0.55552489646268499,
                {Family::hill, {1.8063473370736425, 1.1417827469194641, 1.5403214354934427}},
                {Family::power, {0.024952545582551357, 0.28026230178637601, 1.9755134118520843}}),
      nash_game({Family::power, {0.010458734544337812, 4.5183052342084657, 1.6887251762033868}}, 0.088597118079233456,
                {Family::hill, {1.7105581556204499, 0.23866854233514731, 1.0807221176239263}},
                {Family::power, {0.050718339814053361, 0.33061401696544834, 1.8273599972061183}}),
  };
}

/// Where both ways are near each other, bargains on either, and at the share where the generalist leaps.
std::vector<GeneralGame> next_to_passing() {
  return {
      nash_game({Family::power, {0, 0.14893945905168307, 2.6085625066215137}}, 0.75240467591375315,
                {Family::hill, {0.88701512835219343, 0.26869903312457044, 1.9741269320878203}},
                {Family::power, {0.065665843244118269, 5.9680569561582093, 2.0555367874765444}}),
      nash_game({Family::power, {0, 0.16439829926657831, 2.1370085087114181}}, 0.561547159104688,
                {Family::hill, {0.77309173467632486, 0.27032562810122868, 1.6323909627776891}},
                {Family::power, {0.15772247751767601, 1.4405194898778675, 2.8492503943132568}}),
      nash_game({Family::power, {0, 0.29192074438458043, 1.7493534088328166}}, 0.5227306243589338,
                {Family::hill, {0.8026546174264525, 0.2687124177079509, 1.2097518843287798}},
                {Family::power, {0.19696534156737097, 3.4548646177296574, 2.7839811376197905}}),
      nash_game({Family::power, {0.048451033063489614, 0.14905339225302, 1.7170610608673209}}, 0.28008592075542293,
                {Family::hill, {0.79741519654410242, 1.2475044288674964, 5.6140512485519283}},
                {Family::power, {0.12680305546811835, 4.8440849303038975, 2.0174039293726986}}),
      nash_game({Family::power, {0.11694077076871207, 0.75854973824369809, 1.5051183688260135}}, 0.60365033237357402,
                {Family::hill, {0.6673502059825972, 0.32376095927056686, 5.8876984154166623}},
                {Family::power, {0.19779691525969137, 6.0471887014057346, 1.8266866433963296}}),
      nash_game({Family::power, {0.022995757355435333, 0.17226717549437104, 1.6762324979174243}}, 0.46329643947321492,
                {Family::hill, {0.5704152098687888, 0.36131812032433186, 1.692619510338508}},
                {Family::power, {0.12013631245365067, 0.49157225704494745, 1.5847761730328895}}),
  };
}

/// The generalist holds its specialist at a tie; next to that is a way on which the specialist would not work.
std::vector<GeneralGame> next_to_tie() {
  return {nash_game({Family::power, {0, 2.3029423390410915, 3.6443803050084354}}, 0.85163517830543689,
                    {Family::hill, {0.76264243057945014, 0.49452946497534206, 3.9633346944706522}},
                    {Family::power, {0.68905912954754889, 0.49539111281642328, 3.300499378510108}}, 0,
                    0.0059808879561988127),
          nash_game({Family::power, {0, 1.9827170667143201, 5.663955891346685}}, 0.3630678543226174,
                    {Family::hill, {1.68778557341503, 1.2132788941634389, 2.6360121607952065}},
                    {Family::power, {0.55667340558385341, 0.55573661015780706, 2.9261528519475575}}),
          nash_game({Family::power, {0, 1.8120479738275643, 6.2661659233554339}}, 0.38242008342731276,
                    {Family::hill, {1.6747682155473771, 1.2547389954227737, 2.6530155262390385}},
                    {Family::power, {0.55407584360651041, 0.54849777931369115, 3.0584092343061706}}),
          nash_game({Family::power, {0, 1.7999670648685762, 5.4767206887180473}}, 0.32425849547273178,
                    {Family::hill, {1.7359858806265733, 1.2260495066151544, 2.4370962983872317}},
                    {Family::power, {0.60993137878875792, 0.62007059167432155, 2.7888259728063436}})};
}

}  // namespace

TEST_CASE("a bargain next to where the generalist begins to invest is the slow path's") {
  CHECK(left_of(next_to_beginning()) <= 2);
  Random random(511);
  check_nash(near(next_to_beginning(), effort(60), random));
}

TEST_CASE("a bargain next to where the specialist passes over to riding free is the slow path's") {
  CHECK(left_of(next_to_passing()) <= 3);
  Random random(512);
  check_nash(near(next_to_passing(), effort(60), random));
}

TEST_CASE("a generalist that holds its specialist at a tie is not where small steps lead") {
  check_nash(next_to_tie());
  Random random(513);
  check_nash(near(next_to_tie(), effort(100), random));
}

TEST_CASE("next to a tie a game comes out the same, to the bit, whatever its neighbour is") {
  const auto game = [](double weight, std::array<double, 2> cost, std::array<double, 3> revenue,
                       std::array<double, 3> adaptation) {
    return nash_game({Family::power, {0, cost[0], cost[1]}}, weight,
                     {Family::hill, {revenue[0], revenue[1], revenue[2]}},
                     {Family::power, {adaptation[0], adaptation[1], adaptation[2]}});
  };
  const std::vector<std::array<GeneralGame, 2>> pairs{
      {game(0.33415353736824327, {1.8143817333554502, 5.7946000239741782},
            {1.6547181093228305, 1.3297523495182215, 2.4316329995806663},
            {0.50437851190481398, 0.58510165441744644, 2.72133577781584}),
       game(0.32611168049594302, {2.0131680651712531, 6.036891945119212},
            {1.6228711616801441, 1.350400340551754, 2.8306574545490557},
            {0.5401729334514771, 0.57289479896370787, 2.8112118433035822})},
      {game(0.32952265257342567, {1.825352107975271, 5.9305085479537363},
            {1.6940489546639608, 1.2266672017729061, 2.5116730802428986},
            {0.5176998856616517, 0.61229990151832647, 2.7359917991292129}),
       game(0.39061296237601451, {1.868737947061655, 6.2270380502275149},
            {1.7016372577776093, 1.3284781896360183, 2.7518646257099491},
            {0.49762118321093346, 0.59786951069898142, 2.7190344628338448})}};
  for (const auto& pair : pairs) {
    const GeneralGame &one = pair[0], &other = pair[1];
    const auto table = table_of(one);
    INFO(text(one));
    for (const InstructionSet isa : supported_instruction_sets()) {
      const Columns alone = solve_fast(*table, {one}, isa, false),
                    beside = solve_fast(*table, {one, other}, isa, false);
      const std::size_t share = table->form.outputs.share;
      CHECK(alone[share][0] == beside[share][0]);
    }
  }
}

}  // namespace haggle::test
