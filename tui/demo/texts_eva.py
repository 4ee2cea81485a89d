"""What eva, the writing and mail bot, remembers: correspondents, drafts, mail habits, meetings."""

from __future__ import annotations

from tui.demo.texts_base import Topic, aspects, subjects

CORRESPONDENTS = Topic(
    "mail",
    subjects(
        "who role place tone opens pace avoid topic lang sign last",
        """
- Frau Özdemir | who keeps the level archive | Dresden | formal, with a dry joke at the end
  | “Sehr geehrte Frau Özdemir” | within two working days | exclamation marks | corrected datums
  | German | “Mit freundlichen Grüßen”, in full | a thank-you note for the 1954 series
- the mayor | a client since the flood | Grimma | warm, short, no abbreviations
  | “Guten Tag” and the name | on Fridays only | the word “residual risk” | siren texts | German
  | first name and phone number | photographs of the new gauge
- Moriko Tanabe (田辺) | translator of the handbook | Kyoto | polite, one question a mail
  | “いつもお世話になっております” | overnight, thanks to the hours | idioms about water
  | words for weirs | Japanese and English | both names | a list of 40 terms
- Herr Jähnichen | archivist of the glass plates | Wurzen | chatty, with a story first
  | “Lieber Herr Jähnichen” | three weeks, then all at once | asking twice | box 1902
  | German with Saxon asides | a handwritten scan | an invitation for plum cake
- the editor of Stream & Stone | who prints Mira's column | Bristol | brisk | “Hi Mira” both ways
  | an hour before every deadline | semicolons, allegedly | the canoe piece | English
  | initials | a cut of 200 words
- Nadia (نادية) | a hydrologist and pen friend | Alexandria | playful | a line of poetry
  | once a month, at length | talking shop first | the Nile gauge on Roda | English and Arabic
  | a drawn fish 🐟 | a photo of a nilometer
- the printer's | who print the handbook | Altenburg | factual, with numbers in a table
  | “Moin” even in Saxony | the same morning | colours by name | paper of 120 grams | German
  | a job number | a proof with two blank pages
- Professor Aldana | an external reviewer | Zaragoza | respectful and direct | “Dear colleague”
  | ten days | praise before the point | the drift paper | English | only the surname
  | three pages of remarks
- Marthe's choir list | 43 singers | Halle and around | cheerful, dates in bold | “Ihr Lieben”
  | nobody answers, everybody comes | attachments | rehearsals | German
  | “Singt!” | the order of pieces for Advent
- the tax adviser | who has patience | Leipzig | precise, one matter a mail | “Hallo Frau Albers”
  | in batches, before the 10th | rounded sums | the studio's depreciation | German
  | a reference like 26/114 | a question about the projector
- Uncle Reinhold | a ship's cook, retired | Rostock | loud, capitals allowed | “AHOI”
  | when he is ashore | links | fish soup for forty | Low German at times
  | an anchor ⚓ | a recipe without amounts
- the grant office | who fund the schools project | Brussels | plain, with section numbers
  | “Dear Sir or Madam”, they insist | after exactly 28 days | adjectives | work package 3
  | English | a stamp as a picture | a request for form B-7
""",
    ),
    aspects(
        """
fact 3 people
- Notes on {who} ({place}), {role}. We write in {lang}.
- Language for {who} in {place}, {role}: {lang}.
preference 4 tone
- Tone that Mira wants towards {who}: {tone}.
- To {who} Mira writes like this: {tone}.
preference 3 form
- A mail to {who} opens with {opens} and gets in return {sign}.
- Opening for {who}: {opens}. Their sign-off: {sign}.
fact 3 pace
- Answers from {who} come at this pace: {pace}.
- How long to wait for {who} before a reminder: {pace}.
correction 4
- Not with {who} ({place}), Mira said: {avoid}.
- I had to rewrite a mail to {who} from {place} because of this: {avoid}.
fact 2 topics
- With {who} it is mostly about {topic}.
- Standing subject between Mira and {who}: {topic}.
context 2
- Latest from {who}, on {day}: {last}.
- On {day} there was this from or for {who}: {last}.
"""
    ),
)

DRAFTS = Topic(
    "drafts",
    subjects(
        "title form outlet words angle opening missing cut deadline fee after",
        """
- “The Gauge at the End of the Bus Line” | an essay | Stream & Stone | 2,400 words
  | solitude as a profession | the keeper locks a door that nobody wants to open
  | a line from his wife | the paragraph on telemetry | the 5th of the month | 380 pounds
  | a version for radio
- “How to Read a Brown River” | a column | the Saturday paper | 750 words | colour as a message
  | children call it cocoa | a chemist who agrees | the second metaphor | Thursday noon
  | 140 euros | a poster for schools
- “What the Water Owes Us” | a speech | the co-op's tenth birthday | eleven minutes
  | gratitude without kitsch | a list of everything that stayed dry | the names of the first crew
  | the joke about insurance | the evening before | nothing but applause | a page in the yearbook
- “Seven Weirs” | a travel piece | a rail magazine | 1,800 words | slowness by canoe
  | the first weir is always shut | prices of huts | all adverbs after weir four | end of June
  | 520 euros | a map drawn by Noor
- “Drift” | a short story | an anthology from Graz | 3,900 words | a sensor falls in love with noise
  | the level was 2.31 and lonely | an ending | the dream | New Year | two copies
  | a reading with viola
- “Handbook, Chapter 9: Ice” | a manual chapter | our own press | 2,100 words
  | what to do with cold hands | “If you cannot hear it, leave.” | a drawing of a jam
  | half of the warnings | first frost | salary | a laminated card
- “Letter to a Young Keeper” | a letter | the handbook's preface | 600 words | trust your eyes first
  | dear you, bring biscuits | Ilse's blessing | the Latin | with the new edition | none
  | a translation by Moriko
- “Parrots and Passwords” | a light piece | a security newsletter | 900 words
  | the bird that learned a tone | it began with a whistle | Jonas's permission | the moral
  | a Tuesday | 90 euros | nothing, says Jonas
- “On Being Woken” | an op-ed | a national daily | 1,050 words | the ethics of an alarm at night
  | three times this year I did not get up | a figure from Porto | a dig at the ministry
  | whenever it rains | 300 euros | a debate in Grimma
- “Quince” | a recipe with memories | the choir's cookbook | 500 words | waiting as an ingredient
  | nobody steals quinces | the yield in jars | the saint | before All Saints | a jar
  | the tale of Marthe's predecessor
- “Rivers in Translation” | a conference talk | the translators' day | 25 minutes
  | eleven words for a bank | she says kishi (岸), I say Ufer | slides, all of them
  | the part on Finnish | the week of the choir trip | the fare | a paper with Moriko
- “Minutes of a Flood” | a documentary text | the town museum of Wurzen | 1,300 words
  | one night by the clock | 22:40, the phone is answered by a child | consent of two witnesses
  | every “dramatic” | the opening on 12 May | 700 euros | an audio guide
""",
    ),
    aspects(
        """
fact 3
- {title} is {form} for {outlet}, at most {words}.
- For {outlet} Mira writes {title}, {form} of {words}.
decision 4 angle
- Angle of {title} for {outlet}: {angle}.
- {title}, meant for {outlet}, is about {angle}.
fact 3 deadline
- {title} is due: {deadline}. Pay: {fee}.
- Hand in {title} by this date: {deadline}. Reward: {fee}.
preference 3 opening
- First line of {title} that Mira likes: {opening}.
- {title} should open like this, Mira says: {opening}.
decision 3 cuts
- Cut from {title}: {cut}.
- On Mira's wish {title} lost a part: {cut}.
fact 2 plans
- After print {title} may become {after}.
- A second life for {title}: {after}.
context 3 todo
- Still missing in {title} on {day}: {missing}.
- {title}, as of {day}, waits for {missing}.
"""
    ),
)

ROUTINES = Topic(
    "routines",
    subjects(
        "kind rule folder reply volume keep why exception time owner",
        """
- invoices | file them by supplier and forward the sum to Greta | Studio/Bills | none, ever
  | 30 a month | ten years | the tax office reads paper like scripture | parking tickets
  | Monday first thing | Greta
- newsletters about rivers | gather them into one digest | Reading/Water | never
  | 14 a week | until read once | she wants depth on trains, not drops all day
  | anything by Nadia | Friday at five | eva alone
- conference calls for papers | list deadline, place and fare | Plans/Talks | a polite maybe
  | five in spring | one year | she decides by rail connection | keynotes go straight to her
  | the 1st | Mira
- alarm copies | delete what dan has acknowledged | Ops/Echo | none | 200 on a wet day
  | a week | the inbox is not a dashboard | anything from Eilenburg | hourly | dan and eva
- family letters | print them and put them beside the kettle | Home | Mira writes herself
  | four or five | for good | paper is read twice | urgent ones by phone | Sunday | Jonas
- job applications | thank within a day, judge never | Co-op/People | a warm template in two tongues
  | eleven since spring | six months, then erased by law | silence is rude
  | friends of the crew go to Ilse | daily at ten | Ilse
- complaints about the map | answer the feeling first and the pixel second | Map/Voices
  | signed by a person | nine a week | two years | an angry reader is a reader
  | lawyers, to Greta | within four hours | Noor
- recipe requests | send the card, not the story | Kitchen | with one photo | rare but steady
  | yes | she likes to be asked | maqluba needs a call | evenings | ben
- spam in Saxon | keep the three funniest | Museum | God forbid | weekly
  | the best of each year | Herr Jähnichen collects them | real threats | Saturday | nobody
- review requests | accept two in a quarter | Papers/Review | yes or no in a day
  | seven a season | until printed | reviewing is how she reads | Professor Aldana always gets a yes
  | Wednesdays | chi
- travel bookings | put times in the calendar with platforms | Travel | a thank-you to hut keepers
  | a dozen a year | until the refund date | trains change, huts do not | night trains, in duplicate
  | on arrival of the mail | ben
- press questions | no figures by phone | Co-op/Press | “I will write it down for you”
  | two in calm, forty in flood | five years | a misheard digit floods a village
  | the local radio knows us | inside 30 minutes | Ilse
""",
    ),
    aspects(
        """
preference 4
- {kind}, the way Mira wants it: {rule}.
- Mira's rule for {kind} is to {rule}.
decision 3 folders
- {kind} go to the folder {folder}; keep: {keep}.
- Folder for {kind}: {folder}, to be kept as follows: {keep}.
preference 3 replies
- Replies to {kind}: {reply}.
- How Mira wants {kind} answered: {reply}.
fact 2 volume
- Volume of {kind}: {volume}; handled: {time}.
- When I handle {kind}: {time}. How many come: {volume}.
fact 3 why
- Reason behind the handling of {kind}: {why}.
- Why {kind} are treated as they are: {why}.
correction 4 exceptions
- Exception to the rule for {kind}: {exception}.
- I handled {kind} too strictly once. The exception is this: {exception}.
fact 2
- Who decides about {kind} ({folder}) when Mira is away: {owner}.
- In doubt about {kind} I ask {owner}, or look into {folder}.
"""
    ),
)

MEETINGS = Topic(
    "meetings",
    subjects(
        "meeting when room people purpose rule drink notes start topic out",
        """
- the Monday stand-up | 9:40, ten minutes | the kitchen | the whole co-op | who needs help
  | nobody sits | filter coffee | a photo of the board | Tomas, because he is awake
  | stations that went quiet | three names and a knot
- the flood table | every second Wednesday at 14:00 | the town hall of Grimma | mayor, brigade, us
  | agree on thresholds | maps before words | lemonade in crates | signed minutes | the mayor
  | the dyke at kilometre 31 | a list with dates
- choir | Thursdays from 19:30 to 22:00 | a school gym in Halle | 43 voices | Advent
  | phones in the ball basket | ginger tea | pencil in the score | Marthe with a hum
  | Schütz, again | sore feet
- the paper circle | the last Tuesday, 17:00 | Ravi's balcony or video | chi, Ravi and four guests
  | one paper, read honestly | the reader speaks last | wine from Freyburg | a page by chi
  | whoever cooked | drift in old sensors | an experiment or none
- the tax hour | the 9th at 8:15 | Frau Albers's office | Greta and Mira | close the month
  | no new topics | water | a table with eleven lines | Frau Albers | depreciation
  | a folder that shuts
- climbing | Saturdays before eight | the quarry at Löbejün | Oded and whoever is up
  | not falling | check each other's knot aloud | cold tea | chalk on a rock | Oded
  | route 14 without a rest | scratches
- the call with Lena | Sundays at ten, 18:00 in Kyoto | the sofa | two sisters and sometimes Hana
  | nothing in particular | no screens besides this one | genmaicha (玄米茶) | none
  | Hana with a drawing | moss, trains and parents | a parcel to send
- the release review | Fridays at 11 | the small room | Noor, Tomas and ana | ship or wait
  | one veto is enough | whatever is left | a paragraph in the changelog | ana, on screen
  | open bugs over severity 3 | a tag, or lunch
- the allotment assembly | the first Sunday in April | a pub with antlers | 60 gardeners
  | hedges and water | raise the card, not the voice | apple wine | typed by Anselm | a bell
  | hosepipes after ten | a new by-law on gnomes
- the school visit | twice a term at 10:20 | the creek at Borna | Bruno and 26 pupils
  | measure something wet | boots or no entry | cocoa | a graph in chalk | a whistle
  | why brown water comes first | mud on everyone
- the editors' call | on the 20th, 16:00 British time | headphones in the park | eva and Bristol
  | next issue's theme | pitch in two sentences | takeaway tea | bullet points by eva
  | the editor, eating | canoes or keepers | a deadline that moves
- the review of incidents | the Thursday after | the cellar, beside heron | whoever was there
  | learn without blame | verbs, no names | cold pizza | the report template
  | dan reads the timeline
  | what was quiet before it was loud | two actions at most
""",
    ),
    aspects(
        """
fact 4 calendar
- {meeting}: {when}, place: {room}.
- {when}, place {room}: that slot belongs to {meeting}.
fact 3 people
- At {meeting} you meet {people}; the purpose: {purpose}.
- {purpose}: that is why {people} come to {meeting}.
preference 4 rules
- Mira's one rule for {meeting}: {rule}.
- Rule at {meeting} that Mira cares about: {rule}.
fact 2 notes
- Minutes of {meeting}: {notes}; opened by {start}.
- {start} opens {meeting}. What remains on paper: {notes}.
preference 1
- To drink at {meeting}: {drink}.
- What Mira brings or gets at {meeting} is {drink}.
fact 3 outcome
- A good round of {meeting} ends with {out}.
- Sign that {meeting} went well: {out}.
fact 2 topics
- What {meeting} keeps coming back to: {topic}.
- Evergreen of {meeting}: {topic}.
"""
    ),
)

TOPICS = (CORRESPONDENTS, DRAFTS, ROUTINES, MEETINGS)
