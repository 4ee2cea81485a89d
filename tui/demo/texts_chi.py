"""What chi, the research bot, remembers: papers, experiments, data sets and books.

Every paper, laboratory and book is invented.
"""

from __future__ import annotations

from tui.demo.texts_base import Topic, aspects, subjects

PAPERS = Topic(
    "papers",
    subjects(
        "paper lab year claim data figure weak follow page term stance",
        """
- “Floods from Folklore” | a group in Trondheim | 2024 | village chronicles date floods to within
  a week | 214 parish registers | an error of 5.1 days | all chronicles come from rich parishes
  | Saxon bell-ringing records | page 9 | hydrological memory | worth imitating here
- “Gauges That Lie Politely” | the Delft sensor lab | 2023 | drift shows in the noise long before
  it shows in the mean | eleven years of ultrasonic levels | 83 % of failures seen 20 days ahead
  | tested on one make of sensor | our SEBA stations at Grimma | figure 4 | variance fingerprint
  | the best idea of this year
- “Small Rivers, Big Models” | a start-up in Zürich | 2025 | one network for all catchments beats
  a tuned one for each | 2,900 Alpine basins | a skill of 0.79 | nothing flatter than the Jura
  | lowland streams with weirs | table 2 | catchment embedding | impressive, hard to rerun
- “Ice as an Editor” | the polar institute in Tromsø | 2022 | ice jams erase half of the winter
  record | 60 stations in Finnmark | 48 % of days flagged as wrong | labels made by one person
  | our winters of 2021 and 2023 | page 14 | backwater correction | necessary reading
- “Reading Old Rulers” | the library school in Gent | 2021 | staff gauges in photographs can be
  read by machine | 7,300 glass plates | an error of 6 cm | no bridges, only quays
  | the photo archive in Wurzen | appendix B | photogrammetric reading | charming and useful
- “The Cost of a False Alarm” | two economists in Porto | 2020 | three false alarms halve the
  number of people who move their cars | 19,000 phone logs | a drop of 52 % | one city, one flood
  | the mayor's survey | section 5 | warning fatigue | the strongest case for quiet hours
- “Forgetting on Purpose” | a memory group in Kyoto (京都) | 2025 | agents recall better after old
  context is aged out | 40 long dialogues | nine points of recall | the judge was the model itself
  | our own notes as a test | page 6 | half-life by category | plausible, badly measured
- “Rain Has an Accent” | the acoustics lab in Graz | 2024 | microphones tell drizzle from hail
  | 800 hours on tin roofs | 94 % of minutes right | tin roofs only
  | a microphone in Bruno's box | figure 7 | drop spectra | fun, cheap to try
- “Second-Hand Elevation” | a mapping agency in Riga | 2023 | merging two bad terrain models gives
  one good one | lidar strips of 2009 and 2019 | 11 cm instead of 24 | forests left out
  | the meadows below Eilenburg | equation 3 | disagreement mask | we should do this
- “Who Answers the Siren?” | sociologists in Haifa | 2019 | neighbours convince, officials inform
  | 312 interviews in Hebrew and Arabic | seven in ten asked a neighbour first
  | self-reported behaviour | the handbook's chapter on phones | page 21 | social confirmation
  | changes how texts should sound
- “Muddy Evidence” | the sediment lab in Uppsala | 2022 | turbidity foretells a level rise by forty
  minutes | four creeks, three summers | a lead of 38 minutes | summers without drought
  | the probe at Borna | figure 2 | first flush | promising for small creeks
- “Averages Drown” | a statistician in Nairobi | 2018 | a mean annual flood says little about a
  changing river | 77 long series | 31 of them not stationary | ends before the wet years
  | the warehouse report | page 3 | stationarity test | quoted by everybody, rightly
""",
    ),
    aspects(
        """
fact 4
- {paper} ({year}, {lab}) claims that {claim}.
- Claim of {paper} by {lab}, {year}: {claim}.
- {lab} argued in {year} that {claim}; the paper is {paper}.
fact 3 data
- {paper} rests on {data} and reports {figure}.
- {figure}, from {data}: the core result of {paper}.
fact 4 critique
- Weak spot of {paper}: {weak}.
- Before anyone quotes {paper}, note its limit: {weak}.
decision 3 follow-up
- {paper} should be tried on {follow}.
- Follow-up to {paper} that Mira agreed to: {follow}.
fact 2 terms
- The term “{term}” comes from {paper}, {page}.
- {paper} introduces “{term}” ({page}).
preference 3
- Mira's opinion of {paper}, noted on {day}: {stance}.
- {day}: Mira finished {paper}. Her verdict: {stance}.
fact 2
- With ten minutes only, read {page} of {paper}; the rest is about {data}.
- Short of time? Of {paper} read {page} and skip the description of {data}.
"""
    ),
)

EXPERIMENTS = Topic(
    "experiments",
    subjects(
        "run question setup result baseline surprise hours seed next where verdict",
        """
- E-31 | does variance warn of sensor drift | sliding windows of 48 hours on nine stations
  | 21 days of warning at Grimma | a fixed threshold with none | the pressure sensors stay silent
  | 6 hours | three seeds | ultrasonic sensors only | notebooks/drift | carry on
- E-32 | how short may a training series be | two, five and ten years of the Mulde
  | five years suffice | all forty years | two years beat forty in dry summers | 31 hours
  | ten seeds | the same for creeks | runs/short | surprising enough to repeat
- E-33 | can a photo replace a staff gauge | 600 glass plates from Wurzen | 9 cm of error
  | Ilse reading by eye with 4 cm | shadows read better than the paint | 14 hours
  | a single seed, sadly | the dry plates of 1903 | photo-gauge | good for floods, not for lows
- E-34 | do hail sounds help the forecast | one microphone for 90 days | no gain at all
  | radar alone | church bells were classified as hail | 4 hours | five seeds
  | what to do with the microphone
  | audio/hail | stop
- E-35 | which reranker suits German reports | four rerankers on 220 questions | 0.71 at ten
  | keyword search at 0.64 | the smallest one won | 9 hours | deterministic
  | old spelling (daß, Thal) | search-bench | use the small one
- E-36 | is turbidity earlier than level | lag correlation at Borna | 36 minutes ahead
  | rain gauge with 22 | no lead at night | two hours | bootstrap of 2,000 | a second creek
  | notebooks/mud | publish a short note
- E-37 | do shorter chunks help recall | chunks of 200 to 900 characters | 400 is best
  | whole paragraphs | headings matter more than length | 12 hours | four seeds
  | heading path only | chunk-sweep | settled
- E-38 | can two terrain models be merged | lidar of two years below Eilenburg | 13 cm
  | the newer one alone at 21 | the old model knows a filled ditch | 20 hours | none needed
  | trees | terrain/merge | ask the agency
- E-39 | does an ice flag clean the winters | 30 stations, two winters | half of the spikes gone
  | a median filter | beavers look like ice | 7 hours | two seeds | a beaver flag, in earnest
  | ice/flags | ship it behind a switch
- E-40 | how many members does an ensemble need | 5 to 80 members | 20 is enough
  | the 51 of the weather office | above 40 it gets worse | 55 hours | eight seeds
  | a cheaper loss | ensemble | twenty it is
- E-41 | may old context be dropped from notes | ageing with three half-lives
  | recall up by 4 points
  | keep everything | corrections must never age | 3 hours | six seeds
  | half-lives a category | memory-age | adopt for context only
- E-42 | does plain language raise trust | two texts for 400 subscribers | 9 % more clicks on maps
  | the official wording | officials preferred it too | three weeks of waiting
  | split by street | Turkish and Arabic versions | mail-test | rewrite all templates
""",
    ),
    aspects(
        """
fact 3
- {run} asks: {question}? Setup: {setup}.
- To find out “{question}?” we ran {run}: {setup}.
fact 4 results
- Result of {run}: {result}, compared with {baseline}.
- Numbers of {run}: {result}; yardstick: {baseline}.
fact 3 surprise
- Nobody expected this when {run} asked “{question}?”: {surprise}.
- Surprise of {run}, on the question “{question}?”: {surprise}.
fact 2 compute
- {run} took {hours} of computing or waiting; repeats: {seed}.
- Effort and repeats of {run}: {hours}, {seed}.
decision 4
- {run} is decided: {verdict}. After it: {next}.
- Mira's decision after {run}: {verdict}; next step: {next}.
fact 2 paths
- Code and tables for “{question}?” ({run}) are in {where}.
- Look in {where} for {run} (“{question}?”).
context 2
- On {day} {run} was still open on one point: {next}.
- Open in {run} as of {day}: {next}.
"""
    ),
)

DATASETS = Topic(
    "data",
    subjects(
        "data owner size period licence gap format update contact use trap",
        """
- the Mulde level archive | the state office in Dresden | 41 million rows | 1911 to today
  | CC BY 4.0 | January to May 1945 | CSV with a German decimal comma | daily at six
  | Frau Özdemir | every forecast we make | heights refer to a datum that moved in 1985
- the glass plates of Wurzen | the town museum | 7,300 plates | 1888–1931
  | free for research, ask for print | the box labelled 1902 is empty | TIFF, 600 MB a plate
  | never | Herr Jähnichen | reading old gauges | some plates are mirrored
- the radar composite | the weather office | 9 TB | the last twelve years | open data
  | maintenance in most Junes | HDF5 in five-minute steps | at once | a ticket system
  | rain over creeks | no echo and no data share one value
- the parish registers | three church archives | 214 volumes | 1540–1875
  | by letter, volume by volume | whatever burned in 1632 | scans and a transcript in XML
  | when a volunteer has time | Marthe's cousin | dating floods | two calendars until 1700
- the siren logs | the fire brigade | 19,000 lines | since 2009 | internal, no names
  | all of 2017 | a spreadsheet with merged cells | each quarter | Tomas's brother-in-law
  | studying false alarms | test sirens look real on the first Saturday
- the lidar strips | the survey office | 800 GB | 2009 and 2019 | data licence Germany 2.0
  | woodland west of Bad Düben | LAZ tiles of one kilometre | every ten years | an online form
  | flood depth maps | the tile names count from different corners
- the land cover map | a European agency | 3 GB | 2018 and 2024 | full and open
  | clouds in the north-east | GeoTIFF, 10 m | every six years | a mailing list
  | roughness of flood plains | class 142 is a golf course and not a meadow
- the phone survey | the mayor's office | 1,204 answers | last spring | may be quoted in sums only
  | people without phones, of course | one CSV with umlauts in Latin-1 | once | Ilse
  | wording of warnings | question 7 was asked twice
- the creek probes | Bruno and two schools | 2.2 million samples | three summers | ours
  | whenever the cows came | Parquet by month | hourly in summer | Bruno | early warning at Borna
  | turbidity saturates at 1,000 units
- the weir log | a retired keeper | 96 notebooks | 1952–1999 | a handshake
  | his honeymoon in 1961 | photographs of handwriting | finished | his granddaughter
  | checking gate positions | he writes 7 like 1
- the river fiction corpus | chi itself | 312 novels | out of copyright | public domain
  | women writers before 1870, still too few | plain text | rarely | nobody
  | how floods are told | one file is a cookbook called The Flood
- the bridge inventory | the road office | 2,311 bridges | as of January
  | on request, for named projects | private footbridges | shapefile in an old projection
  | yearly | an engineer in Grimma | clearances at high water | clearance is in feet for six of them
""",
    ),
    aspects(
        """
fact 3
- Owner of {data} ({size}, {period}): {owner}.
- We have {data} from {owner}. Size and period: {size}, {period}.
fact 4 licence
- Licence of {data}: {licence}. Person to ask: {contact}.
- We may use {data} on these terms: {licence}; questions go to {contact}.
correction 4 trap
- Trap in {data}: {trap}.
- I misread {data} at first. To remember: {trap}.
fact 3 gap
- Missing from {data}: {gap}.
- Gap in {data} that no trick will fill: {gap}.
fact 2 format
- Format of {data}: {format}; updates: {update}.
- Delivery of {data}: {format}. How often it changes: {update}.
fact 3
- We need {data} for this: {use}.
- Main use of {data} in our work: {use}.
"""
    ),
)

BOOKS = Topic(
    "books",
    subjects(
        "book author year about quote chapter lent rating idea format",
        """
- The Patient River | Edda Holm | 1974 | three hundred years of one meander
  | “A river is a slow opinion.” | the chapter on mills | Anselm | five stars
  | show meanders as a film on the map | a paperback without its cover
- Ledger of Storms | T. W. Okafor | 2011 | how insurers learned to count rain
  | “The premium is a forecast with consequences.” | chapter 3 | nobody yet | four stars
  | a column for losses in the yearly report | an e-book with bad tables
- Kawa no Oto (川の音) | Mori Ayame | 1998 | the sounds of eleven Japanese rivers
  | “Stones are the consonants.” | the part on Kamo | Jonas, who learns the songs | five stars
  | microphones at two stations | a present from Lena, in Japanese
- Forty Weirs | Alasdair Pym | 1956 | a canoe journey and a divorce
  | “Each weir is a full stop.” | weir 17 | Zoë | three stars
  | shorter sentences in the handbook | a library copy with tea on it
- Statistics for Wet Feet | Ruth Abiola | 2020 | extreme values without fear
  | “The hundred-year flood does not own a calendar.” | chapter 8 | Ravi | five stars
  | rephrase return periods as dice | PDF with annotations
- The Warning Bell | Lucja Maar | 1987 | bell ringers as an alarm network
  | “Nobody argues with bronze.” | the epilogue | Marthe | four stars
  | one channel that is never used for anything else | hardback
- Mud: a Biography | Ines Calado | 2016 | sediment and its politics
  | “Everything upstream is arriving.” | part two | Bruno | four stars
  | turbidity as a first sign | audiobook, read by the author
- Maps That Apologise | Noam Feld | 2022 | how to draw what one does not know
  | “A line is a promise.” | the chapter on dashed lines | Noor | five stars
  | uncertain shores as hatching | a very large hardback
- Die leise Flut | Grete Ohlendorf | 1963 | a novel about a village that moved uphill
  | “Wer Wasser kennt, packt leise.” | the last thirty pages | Sigrid | four stars
  | interviews for the handbook | Fraktur spine, modern inside
- The Keeper's Year | Hal Brannock | 1931 | twelve months at a lock
  | “In March I trust nobody.” | March, naturally | Ilse | three stars
  | a calendar of duties for keepers | scanned, 1.1 GB
- Queue Theory for Gardeners | P. Lindqvist | 2009 | waiting, in beds and in servers
  | “A seedling is a request.” | chapter 5 | Tomas | four stars
  | back-pressure explained with slugs | borrowed for good from a hotel
- Night Trains, Day Rivers | Carmen Ilves | 2018 | crossing Europe along its water
  | “Sleep is the fastest bridge.” | Basel to Vienna | Lena | five stars
  | a talk about gauges along one line | signed, but to somebody called Uwe
""",
    ),
    aspects(
        """
fact 2 reading
- {book} by {author} ({year}) is about {about}.
- {author} wrote {book} in {year}; the subject is {about}.
preference 2 rating
- Mira gave {book} {rating}; best part: {chapter}.
- {rating} from Mira for {book}, mostly because of this part: {chapter}.
fact 2 quotes
- {quote} Mira copied that from {book} ({author}).
- Line from {author}'s {book} on the wall beside the desk: {quote}
decision 3 ideas
- Idea taken over from {book}: {idea}.
- {idea}: we decided to try that after {book}.
fact 1 lent
- {book} has been lent out, last known reader: {lent}.
- Who has {book} at the moment: {lent}.
fact 1
- Mira's copy of {book}: {format}.
- Our copy of {book} is easy to recognise: {format}.
"""
    ),
)

TOPICS = (PAPERS, EXPERIMENTS, DATASETS, BOOKS)
