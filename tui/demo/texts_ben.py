"""What ben, the assistant at home, remembers: people, recipes, trips and things in the flat."""

from __future__ import annotations

from tui.demo.texts_base import Topic, aspects, subjects

PEOPLE = Topic(
    "people",
    subjects(
        "name relation city birthday job loves avoid gift habit story kids",
        """
- Lena | Mira's younger sister | Kyoto | 4 February | restores paper screens in a temple workshop
  | night trains and pickled plums | surprise visits | a fountain pen with a 京都 engraving
  | calls on Sunday mornings, when it is evening there | she once missed her own farewell party
  | a daughter, Hana, who is six
- Sigrid | Mira's mother | Tübingen | 19 June | taught chemistry and still corrects menus
  | crosswords in ink | the phone at lunchtime | a hedgehog house for the garden
  | writes postcards with tiny maps on them | she drove to Sicily alone at twenty
  | three grandchildren to spoil
- Ulrich | Mira's father | Tübingen | 2 November | builds clocks, formerly bridges
  | rye bread with too much butter | loud restaurants | a set of Japanese chisels
  | answers mails within four minutes and in one line | his first bridge is now a bicycle path
  | two daughters, as he tells every waiter
- Jonas | Mira's partner | Leipzig | 27 August | plays the viola at the opera
  | cold coffee, on purpose | alarm clocks | tickets for a night in the planetarium
  | leaves notes on the kettle | they met at a broken ticket machine | none, but a very loud parrot
- Layla | a friend from university | Amman | 11 May | runs a small bakery with her aunt
  | cardamom and old radios | small talk about the weather | an Arabic edition of her favourite
  comic, كتاب مصوّر | sends voice messages of eight minutes | she can name every bridge in Leipzig
  | twins who start school this year
- Oded | a climbing partner | Haifa | 30 September | designs hearing aids
  | limestone and early starts | tomatoes, in any form | a guidebook for the crags of Liguria
  | signs his messages with להתראות | he fell asleep on a ledge once, tied in | a stepson who codes
- Zoë | a neighbour on the third floor | Leipzig | 8 January | repairs bicycles for the city
  | peonies and true crime | perfume of any kind | a torque wrench with a bow 🎁
  | knocks twice, then comes in | her cat uses our balcony as an office | no children, eleven nieces
- Pilar | a colleague of the first job | Valencia | 23 March | teaches statistics to nurses
  | fireworks and bad puns | shellfish, it is dangerous | a jigsaw of a tram map
  | replies only after midnight | she proved her landlord wrong with a t-test
  | a son at sea school
- Kenji | Lena's husband | Kyoto | 15 December | photographs moss for a living
  | trains that are on time | being photographed | a book about the Rennsteig
  | writes ありがとう under every mail | he waited three days for one dewdrop | Hana, of course
- Marthe | the choir's conductor | Halle | 6 July | lectures on early music
  | Schütz, and silence before it | chewing gum | quince jelly from the allotment
  | corrects vowels in the street | she stopped a concert for a blackbird | grown-up and abroad
- Anselm | the allotment neighbour | Markkleeberg | 1 April | was a tram driver for 38 years
  | dahlias as big as plates | slug pellets | two sacks of sheep's wool pellets
  | leaves courgettes at the gate, without asking | he has a key to everything | a son in Oslo
- Bao | the swimming teacher | Leipzig | 13 October | trains lifeguards at the Kulkwitz lake
  | cold water and warm soup | excuses | a neoprene cap in orange
  | sends the water temperature at 6 a.m. 🏊 | he swam the Elbe from Pirna to Meissen
  | a daughter who prefers ice hockey
""",
    ),
    aspects(
        """
fact 4 family
- {name} is {relation}, lives in {city} and {job}.
- {relation}: {name}, who {job}, in {city}.
- In {city} lives {name}, {relation}, who {job}.
fact 4 birthday
- {name}'s birthday is on {birthday}. Loves {loves}.
- {loves}: a hint for {name}'s birthday present, due by {birthday}.
preference 3
- With {name} ({relation}), avoid this: {avoid}.
- {avoid}: keep that away from {name}, {relation}.
fact 2 gifts
- The last present for {name} was {gift}; do not suggest it twice.
- {name} already got {gift}, so the next present should be another one.
fact 2
- {name} {habit}.
- A habit of {name}: {habit}.
fact 1 stories
- Told about {name} at dinner: {story}.
- The story that always comes up when {name} visits: {story}.
fact 3 family
- {name} has {kids}.
- Children, in {name}'s case: {kids}.
"""
    ),
)

RECIPES = Topic(
    "recipes",
    subjects(
        "dish time serves secret source change side wine verdict shop",
        """
- maqluba (مقلوبة) | two hours | six people | to salt the aubergines the evening before
  | Layla's aunt, over the phone | half the oil | yoghurt with dried mint | pomegranate juice
  | worth the mess | a wide pot with a flat lid
- okonomiyaki (お好み焼き) | 35 minutes | two hungry people | to leave the cabbage alone while it
  fries | a stall near Lena's workshop | leek instead of spring onions | pickled ginger
  | cold barley tea | the best use of a tired cabbage | bonito flakes from the shop in the arcade
- lentils with Spätzle | 50 minutes | four | a spoon of vinegar at the very end
  | Sigrid, from memory | smoked tofu for Jonas | a green salad | a light Trollinger
  | tastes of Sunday | the small brown Alb lentils
- plum dumplings | 90 minutes | eight if one is polite | potatoes boiled on the day before
  | a card in Ulrich's handwriting | a sugar cube less in each | browned crumbs | milk, no debate
  | September on a plate | plums from Anselm
- shakshuka | 25 minutes | three | to take it off the heat while the eggs still tremble
  | Oded's flatmate, as Oded will not touch it | a roasted pepper more | flat bread
  | sage tea | good after a night of deploys | tinned tomatoes from the corner shop
- carrot and miso soup | 30 minutes | five bowls | to stir in the miso off the boil
  | the back of a packet in Kyoto | orange peel | toasted buckwheat | water
  | the parrot likes it too | white miso, kept in the fridge door
- sourdough rye | a day and a half, mostly waiting | one large loaf | 82 % water and patience
  | Layla's bakery in Amman, adapted | a third spelt | butter | dark beer
  | finally the right crumb | whole rye flour, type 1800
- paella for the balcony | 70 minutes | seven | to hear it crackle before it rests
  | Pilar, by video, with sighs | beans where the mussels were, because of her allergy
  | lemon wedges | a dry rosé | the neighbours came by | round rice and real saffron
- quince jelly | two evenings | eleven jars | letting the juice drip overnight, never squeezing
  | Marthe's predecessor in the choir | cardamom in one batch | hard cheese | none
  | clear as a window | quinces from the allotment
- bean stew for the hut | three hours | ten walkers | smoked paprika in the oil first
  | a hut near Zermatt | no bacon | dark bread | tea with rum | carried well in a thermos
  | dried white beans
- almond tart | 80 minutes | twelve slices | resting the dough twice
  | a bakery in Santiago, guessed | less sugar, more lemon | sour cream | espresso
  | Greta asked for it at work | almonds with their skin
- cold cucumber noodles | 15 minutes | two | chilling the bowls as well
  | Kenji, on the hottest day | sesame paste from the new shop | a boiled egg | iced oolong
  | saved us in July | thin wheat noodles
""",
    ),
    aspects(
        """
fact 3
- {dish}: {time}, enough for {serves}.
- Plan {time} for {dish}; that is enough for {serves}.
fact 4 cooking
- What makes {dish} work is {secret}.
- The trick with {dish}: {secret}.
fact 2
- Source of {dish}: {source}.
- The recipe for {dish} came to Mira this way: {source}.
preference 3 cooking
- When Mira makes {dish} she changes one thing: {change}.
- Mira's own version of {dish} has {change}.
preference 2
- With {dish} Mira serves {side}; to drink, {wine}.
- {side} and, to drink, {wine}: so it goes with {dish}.
fact 2
- Verdict on {dish} when we had it on {day}: {verdict}.
- {dish}, eaten on {day}: {verdict}.
fact 2 shopping
- For {dish} do not forget to buy or borrow: {shop}.
- Shopping list, when it is {dish}: above all {shop}.
"""
    ),
)

TRIPS = Topic(
    "trips",
    subjects(
        "place month who how bed high low food tip next cost",
        """
- Kyoto | November | Jonas | by plane to Osaka and then the slow train | a room above a tofu shop
  in Nishijin | the moss garden at opening time | one cold for two | breakfast at the tofu shop
  | buy the IC card at the airport, not in town | the coast north of Maizuru | 2,900 euros
- Amman | March | Layla's family | with a night at Istanbul airport | Layla's roof, under blankets
  | bread at four in the morning | a lost suitcase that came back with a new wheel
  | knafeh in a car park | carry small notes for taxis | Dana on foot | 1,150 euros
- Liguria | October | Oded and two ropes | by train to Finale | a campsite with a lemon tree
  | a ten-pitch route above the sea | a wasp in a helmet | farinata from a window
  | start before seven, the wall gets sun at noon | Sardinia by ferry | 640 euros
- Valencia | late February | Pilar | overland with a stop in Lyon | a flat beside the market
  | the last night of rehearsals for the Fallas | earplugs forgotten at home | orange everything
  | bikes are faster than the metro | Albarracín | 780 euros
- the Rennsteig | August | Kenji | on foot from Hörschel | huts, and once a bus shelter
  | fog below and sun above | blisters on day two | sausage in a roll at every ridge
  | send the bags ahead with the forest bus | the Harz by steam train | 310 euros
- Gent | May | the choir | by coach, singing | a convent with strict stairs
  | a concert in a boat house | the tenor who overslept | waffles at the canal
  | ask for the side door of the cathedral | Utrecht with the same programme | 420 euros
- Haifa | April | Oded's parents | direct from Berlin | a spare room full of hearing aids
  | the terraces at dusk | sunburn through a shirt | bread with za'atar (زعتر)
  | the funicular rests on Saturdays | Acre by bus | 980 euros
- Tübingen | December | all of them | with the 7:48 train and one change | the old nursery
  | Ulrich's new tower clock | the annual argument about candles | red cabbage with apple
  | reserve seats six weeks ahead | a weekend without relatives | 160 euros
- Zermatt | January | Zoë | on the sleeper from Leipzig to Basel | a hut at 2,700 metres
  | stars like spilled salt | frozen boots | cheese, at each meal
  | the hut keeper wants cash | Engadin on skis | 1,020 euros
- Lisbon | early June | nobody, on purpose | by train via Irún, three days | a pension with tiles
  | writing on a ferry all morning | a shoe in a tram track | grilled sardines with a fork of wood
  | take the ferry to Cacilhas at sunset | the Azores | 1,300 euros
- the Spreewald | July | Sigrid | by canoe from Lübbenau | tents on a farm
  | a kingfisher, twice | mosquitoes beyond counting | gherkins at a lock
  | paddle on weekdays only | the Mecklenburg lakes | 240 euros
- Oslo | September | Anselm, to visit his son | by ferry from Kiel | a cabin without window
  | Anselm driving a museum tram | prices of everything | cinnamon buns on the quay
  | the tap water is fine, bring bottles | Bergen by rail | 860 euros
""",
    ),
    aspects(
        """
fact 3 travel
- Mira went to {place} in {month}; company: {who}. They travelled {how}.
- Trip to {place}, {month}, {how}. Company: {who}.
fact 2 lodging
- Lodging for {place}: {bed}.
- On the trip to {place} they slept well or badly here: {bed}.
fact 3
- Best moment of {place}: {high}. Worst: {low}.
- {place} in two lines. Good: {high}. Bad: {low}.
preference 2 food
- What Mira still talks about from {place} is the food, {food} first of all.
- Food that Mira would travel to {place} for: {food}.
fact 4 tips
- Tip for {place}: {tip}.
- Learned on the way to {place}, worth knowing next time: {tip}.
decision 3 plans
- After {place} the plan for another year is {next}.
- {next} comes next, Mira decided on the way home from {place}.
fact 2 money
- {place} cost {cost} in all, for {month}.
- All in all Mira paid {cost} for {place} in {month}.
"""
    ),
)

THINGS = Topic(
    "home",
    subjects(
        "thing room model bought quirk care every part shop warranty wish",
        """
- the espresso machine | kitchen | a two-boiler Lelit | second-hand from Zoë
  | it trips the fuse when the oven is on | descale it with citric acid | eight weeks
  | the 57 mm gasket | the repair café in Plagwitz | over, since May | a quieter pump
- the washing machine | bathroom | an AEG of the 7000 series | in the winter sale
  | it walks two centimetres a month towards the door | clean the lint filter | six weeks
  | new shock absorbers | a workshop in Lindenau | until spring 2028 | a delay timer that works
- the parrot's cage | living room | a walk-in from Arcadia | when Jonas moved in
  | the latch opens if one whistles, so there is a padlock | scrub the perches | Friday
  | a cuttlefish bone | the feed shop by the zoo | none | a bath in summer
- the heat pump | cellar | a Nibe, 6 kW | with the neighbours in a group order
  | it hums at 98 Hz below minus five | bleed the circuit | autumn | an expansion vessel
  | Meier & Söhne | ten years on the compressor | a graph in the hall
- the bicycle | courtyard | a blue Patria with a Rohloff hub 🚲 | for her thirtieth birthday
  | gear eight growls and that is normal | change the hub oil | 5,000 km | a Gates belt
  | Zoë, who refuses money | the frame, for life | dynamo light that stays on
- the piano | living room | a Förster upright of 1961 | from a school that closed
  | the low F sticks when it rains | have it tuned to 441 Hz | ten months | a new damper felt
  | Herr Löbner, the tuner | none, it is older than us | a silent pedal
- the router | hall cupboard | a Turris Omnia | in a fit of principle
  | guest Wi-Fi dies when the neighbours cook | install the updates by hand | the month's first day
  | a quieter power supply | dan, in a way | expired | fibre into the flat
- the balcony planter | balcony | a trio of larch boxes | as a weekend project with Ulrich
  | tomatoes burn on the left and drown on the right | refill the water store | four days in July
  | a float valve | the nursery in Böhlitz | Ulrich's word | shade cloth at noon
- the oven | kitchen | a Bosch with pyrolysis | together with the flat
  | it runs 15 degrees too hot above 200 | run the self-cleaning | quarter | a door seal
  | the customer service, reluctantly | ended long ago | a lamp that one can reach
- the sewing machine | study | a Bernina 830, the old one | inherited from a great-aunt
  | the tension must be at 3.5 whatever the manual says | oil the hook | ten hours of sewing
  | bobbins of the old height | the shop on Karl-Heine-Straße | a sticker from 1984
  | a walking foot
- the freezer | cellar | a chest of 200 litres | from Anselm's shed
  | the lid only closes if the left corner goes first | defrost it on a frosty day | January
  | a rubber lip | nobody sells parts any more | certainly not | a list of what is in it
- the projector | living room | an Epson with 2,700 lumens | for the football in 2024
  | it flips the picture after a power cut | blow the dust from the filter | three months
  | a lamp of 180 euros | an online shop in Jena | until next summer | a screen that hides
""",
    ),
    aspects(
        """
fact 3
- {thing} ({room}) is {model}; it came {bought}.
- Inventory, {room}: {thing}, which is {model} and came {bought}.
correction 3 quirk
- About {thing}: {quirk}.
- No defect, just how {thing} is: {quirk}.
fact 3 chores
- Chore for {thing}: {care}. When or how often: {every}.
- {care}, says the plan for {thing}, with this interval: {every}.
fact 2 repair
- Repairs of {thing} are a case for this address: {shop}.
- Who mends {thing}: {shop}.
fact 2 repair
- Spare part that {thing} ({room}) will want sooner or later: {part}.
- {part}: keep one in reserve for {thing} in the {room}.
fact 2 warranty
- Warranty on {thing}: {warranty}.
- Is there a guarantee on {thing}? Answer: {warranty}.
preference 2 wishes
- What Mira would like for {thing} one day: {wish}.
- {wish}: on the wish list for {thing}.
"""
    ),
)

TOPICS = (PEOPLE, RECIPES, TRIPS, THINGS)
