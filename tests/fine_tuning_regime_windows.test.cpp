// SPDX-License-Identifier: MIT
// Windows of shares with several specialists: one's investment jumps, one begins to contribute, an entry threshold
// sweeps past all others in little room, two peaks of one regime compete.
#include <doctest/doctest.h>

#include "window_games.hpp"

using namespace haggle;
using namespace haggle::test;
using oracle::Solution;

TEST_CASE("a window in which S-shaped revenue makes an investment jump") {
  const GeneralGame game =
      game_of({Family::power, {0, 297.62896051226937, 1.4133918848598632}}, 0, 0.57927869154604206, 0.83924995500748623,
              {{{Family::logarithmic, {0.72659237350024442, 1.8046838470259827}},
                {Family::power, {0.013568159180470407, 43.800753484320062, 1.0233481989169626}},
                0,
                0,
                17.045238804200888},
               {{Family::isoelastic, {3.923836770474848, 0.64697056846102985}},
                {Family::power, {1.1609101275282361, 0.041606568583477839, 2}},
                0,
                0,
                2.1740603501746727},
               {{Family::hill, {2.7896324492864051, 0.9248358439801444, 2.829602701305709}},
                {Family::power, {0.88853180661971332, 0.03105838956876086, 1.069995549509029}},
                0,
                0,
                15.256821014106269}});
  check_as_good(game, Solution::nash, -0.31777183273346765);
}

TEST_CASE("a window in which a specialist has begun to contribute") {
  const GeneralGame game =
      game_of({Family::power, {0, 6.0799848517855137, 2}}, 0, 3.6056560461753691, 0.40599699015753676,
              {{{Family::exponential_saturation, {7.6923103966511288, 7.8973924217013076}},
                {Family::power, {0.074487277365776025, 0.0034629934008084903, 1.0051045547829369}},
                0,
                0.41097489268834136,
                1},
               {{Family::hill, {1.472217476770715, 0.71067400155380356, 3.3508668597056506}},
                {Family::power, {0.54591671836926536, 13.3492887398439, 2}},
                0.052295614057758247,
                0,
                0.11541780603249149},
               {{Family::exponential_saturation, {7.0200579289766241, 0.19800185158689021}},
                {Family::power, {0.019586482711509486, 6.6436486382070425, 1.2664679129571768}},
                1.4268306598084155,
                0,
                5.2773564849003236},
               {{Family::logarithmic, {0.57276605717413154, 0.10454523301644325}},
                {Family::power, {0.010023727965516167, 299.76285386509579, 2.0820014947726415}},
                0,
                0.13718588572731624,
                1},
               {{Family::logarithmic, {5.8712402713162088, 4.6025084415120938}},
                {Family::power, {0.82992311763904469, 13.805256174864004, 2}},
                0,
                0,
                0.1543426563657305}});
  check_as_good(game, Solution::nash, 0.20856981968579108);
}

TEST_CASE("a threshold that sweeps past all others lets another peak rule for a moment") {
  const GeneralGame game =
      game_of({Family::power, {0, 9.4462706099745972, 1.5061226817066504}}, 0, 0, 0.16062801745263416,
              {{{Family::hill, {0.44337935205502521, 0.10303638609864516, 5.039158870414342}},
                {Family::power, {0, 62.086217786377539, 2}},
                0,
                0,
                1},
               {{Family::exponential_saturation, {1.6887841492104687, 0.059547457693498111}},
                {Family::power, {0, 0.0054575466585536532, 1.3845158116217195}},
                0.32782254601558597,
                0,
                1},
               {{Family::logarithmic, {0.95351210141652543, 9.778331778413305}},
                {Family::power, {0, 0.62928614460458387, 1.004727018444818}},
                3.7278387566394312e-06,
                -2.4108365552305615e-06,
                1},
               {{Family::exponential_saturation, {0.24026381568753127, 1.6807911586786808}},
                {Family::power, {0.42603366626362277, 0.14280494535195437, 2}},
                0,
                0,
                1}});
  check_as_good(game, Solution::nash, 1.4171031091975439);
}

TEST_CASE("between two thresholds that sweep past it a jump holds the generalist") {
  const GeneralGame game =
      game_of({Family::power, {0, 2.4409310380924851, 3.8560683538847993}}, 0, 0, 0.87172465882396388,
              {{{Family::hill, {0.48272543887573555, 4.208997386778444, 2.008686038838206}},
                {Family::power, {0, 6.1158602982783457, 1.0505322629032134}},
                0.0073885298919362935,
                0,
                0.96869302010169867},
               {{Family::hill, {2.2155052177744734, 0.30424210951747976, 3.2517618027478257}},
                {Family::power, {0, 70.781648603435571, 2}},
                0,
                1.238622985777647,
                1},
               {{Family::isoelastic, {8.5939270367701024, 0.26220960805817084}},
                {Family::power, {0, 0.0037993498531053212, 2}},
                15.590185631043932,
                0,
                1},
               {{Family::isoelastic, {0.2746840602291023, 1.9445854272999932}},
                {Family::power, {0.30616719808078063, 17.502491829099668, 2.9971227591573535}},
                0,
                0,
                1.0661379149719574}});
  check_as_good(game, Solution::nash, -2.121416626065749);
}

TEST_CASE("where a specialist comes to be held is told from where another one is") {
  const GeneralGame game =
      game_of({Family::power, {0, 5.2773554946522818, 2}}, 4.8281446751226529, 0, 0.74377440481141399,
              {{{Family::isoelastic, {0.70597479833819488, 0.81517352288759426}},
                {Family::power, {1.1071341260196355, 0.027066405519184388, 2}},
                0.0033162263820824584,
                0.048863376673729753,
                1},
               {{Family::exponential_saturation, {4.4325044674827305, 2.6023868358848978}},
                {Family::power, {0, 0.10556950700927585, 2}},
                0.10049106256922327,
                0,
                1},
               {{Family::hill, {3.4466973381836032, 0.13084797014586569, 3.56176270673964}},
                {Family::power, {0.10717383761372359, 12.163597717397815, 1.0451078093901596}},
                0.69151357196497321,
                -0.38263782386365786,
                1},
               {{Family::isoelastic, {2.8866091264545166, 0.67698458587919108}},
                {Family::power, {0, 0.73676980627130029, 1.0614939252696218}},
                0.29257790120710714,
                0,
                2.4156095567919129}});
  check_as_good(game, Solution::nash, 1.3897040071018525);
}

TEST_CASE("a regime that is far off at three shares in a row rules between them") {
  const GeneralGame game = game_of({Family::power, {0, 0.15806966340484679, 2}}, 0, 0, 0.4016965079323303,
                                   {{{Family::isoelastic, {2.0597356789170522, 0.72360645358435816}},
                                     {Family::power, {0, 0.0069430106163778189, 2}},
                                     0,
                                     0,
                                     0.2352630982481716},
                                    {{Family::isoelastic, {3.7686899484111462, 0.28774838969955241}},
                                     {Family::power, {0, 28.39791489969226, 1.0548334615034665}},
                                     0.17512295138447698,
                                     0,
                                     1},
                                    {{Family::hill, {0.47987964802421479, 0.19664642563386753, 5.026521292512383}},
                                     {Family::power, {0.044175646452180313, 2.8226422642210043, 1.0980762354974809}},
                                     0.46361900606576983,
                                     0,
                                     0.52568452002743871},
                                    {{Family::isoelastic, {0.28858100589908897, 0.45394511279304117}},
                                     {Family::power, {0, 8.0249714381941679, 1.0070193872156039}},
                                     0.13232826163450048,
                                     0,
                                     0.47762445667084791},
                                    {{Family::exponential_saturation, {1.7101024785455514, 1.399215248930221}},
                                     {Family::power, {0, 0.17629420160090437, 1.0050866719244607}},
                                     0.45711788923364627,
                                     0,
                                     7.8478861758532847}});
  check_as_good(game, Solution::powerful_specialist, -3.7225100894643304);
}

TEST_CASE("a second peak beyond a specialist that is held on both sides") {
  const GeneralGame game =
      game_of({Family::power, {0, 3.6034292922999338, 1.5607572622070205}}, 0, 1.1293585696913724, 0.50170006252709365,
              {{{Family::isoelastic, {0.18059257044433355, 1.5068588415362556}},
                {Family::power, {1.65313791164145, 148.46422520232144, 1.5696422213253407}},
                0.00028971163926466183,
                0,
                1},
               {{Family::logarithmic, {0.18146052266676374, 8.4164911262978084}},
                {Family::power, {0, 0.0084181476382818449, 2}},
                0.0010041140981429211,
                0,
                1},
               {{Family::isoelastic, {0.47483610196402692, 0.64734908688498838}},
                {Family::power, {0.13854075758401921, 0.55418755193902114, 1.0518214289832266}},
                0,
                0,
                1.1399297084549027},
               {{Family::isoelastic, {3.7580410314415453, 0.44768103484007293}},
                {Family::power, {0, 0.58274710818316389, 1.0144497811011399}},
                0,
                -0.36828515664806605,
                1},
               {{Family::isoelastic, {1.3444054900985183, 0.33250326507109756}},
                {Family::power, {0.20263277465556204, 0.072746470727770809, 1.0230797121833688}},
                0.096833241210650484,
                0.053960002145275944,
                1}});
  check_as_good(game, Solution::nash, 1.56);
}

TEST_CASE("investments of next to nothing beside a linear cost move with the share as they should") {
  GeneralGame game =
      game_of({Family::power, {0.20693417876091832, 44.27674809895408, 1.0104463330700135}}, 0, 0, 0.87145032339467532,
              {{{Family::exponential_saturation, {0.45015766560211418, 6.5435876808390585}},
                {Family::power, {0.2195498099153288, 1.3068183731877814, 2.5847578746798101}},
                0,
                0,
                1.8587865030146593},
               {{Family::exponential_saturation, {0.5239012141161602, 0.15847834939933492}},
                {Family::power, {2.4297248581988713, 167.13534663846613, 1.0817064398445488}},
                0,
                0,
                0}});
  for (const Solution solution : {Solution::nash, Solution::egalitarian}) {
    game.solution = solution;
    CHECK(play_globally(game).status == Status::solved);
  }
}

TEST_CASE("a window at a jump that no look around it has: the reply leaps from look to look") {
  const GeneralGame game = game_of({Family::power, {0.073083477815050868, 91.841111052193725, 1.0096067072968757}}, 0,
                                   0, 0.010689688393920116,
                                   {{{Family::isoelastic, {1.5164673955512882, 0.17719636476682538}},
                                     {Family::power, {0, 100.31869412115164, 1.0656104631942156}},
                                     0,
                                     0,
                                     12.162750822044579},
                                    {{Family::hill, {0.51701224401780421, 1.5320890738306494, 3.811064685914384}},
                                     {Family::power, {0, 79.918058650560255, 1.0481762892256357}},
                                     0,
                                     0,
                                     0.083391138097555689},
                                    {{Family::hill, {4.5597575140473721, 0.2898621095608403, 3.4329659216306636}},
                                     {Family::power, {0, 0.083531146718603677, 2.4147594381753414}},
                                     0,
                                     0,
                                     1},
                                    {{Family::isoelastic, {2.896366177442486, 0.12657941123974042}},
                                     {Family::power, {0, 4.3984857269543465, 1.04327085545314}},
                                     0,
                                     0,
                                     1}});
  check_as_good(game, Solution::egalitarian, 6.62919069914);
}

// Half a thousandth beyond where the specialist begins to contribute.
TEST_CASE("a peak next to where investment begins is seen though utility rises on both sides of it") {
  const GeneralGame game =
      game_of({Family::power, {0, 0.0062922835571312024, 2.2898225325795845}}, 0, 0, 0.83676656369737501,
              {{{Family::isoelastic, {0.54497720160698648, 1.912386828304387}},
                {Family::power, {4.2139738940627076, 1.0949724479492526, 2.6519868833705429}},
                0,
                0,
                1}});
  check_as_good(game, Solution::max_performance, 8.9522185850154408);
}
