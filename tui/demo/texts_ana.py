"""What ana, the coding agent, remembers: repositories, bugs, choices and interfaces."""

from __future__ import annotations

from tui.demo.texts_base import Topic, aspects, subjects

REPOSITORIES = Topic(
    "repo",
    subjects(
        "repo lang purpose test secs release who layout trap rule state",
        """
- gaugekit | Rust | the decoder library for river gauge telegrams | cargo nextest run | 40 s
  | as a crate on the first Monday of a month | Tomas | each telegram format is one file under
  src/formats | the checksum is little-endian although the station manual says otherwise
  | errors as enums with the raw bytes attached, never strings | porting the oldest format, SEBA-2
- tidepool | Python | the ingest service that turns telegrams into time series | pytest -n 2
  | three minutes | by tag, straight to staging | Ravi | everything that touches the database
  lives in store/ and nothing else imports psycopg | a naive datetime in a fixture passes locally
  and fails in CI, which runs in UTC | small pull requests, one migration at most
  | splitting the worker from the web process
- floodmap-web | TypeScript | the public map with warnings by catchment | npm run test:unit
  | 25 s | ten minutes after every merge to trunk | Noor | map layers are plain objects
  in layers/*.ts and know nothing about React | tiles are cached for a day, so a colour change
  looks broken until the cache key moves | no new dependency above 20 kB gzipped
  | replacing the legend by a proper table for screen readers
- silt | Go | a tiny queue on top of one append-only file | go test ./... -race | 70 s
  | when someone asks, as a static binary | Bruno | the whole format is described in the comment
  on top of segment.go | fsync on the directory is needed after a rotation, not only on the file
  | table tests with names that read as sentences | stable; only the compaction is still open
- weir-firmware | C | the logger that sits in the metal box at the river | ./sim/run.sh --all
  | nine minutes | twice a year, because someone has to drive there | Bruno | drivers sit in hal/,
  logic in core/, and core compiles on a laptop | the watchdog bites after eight seconds, also
  while a breakpoint is active | no heap after start-up and a comment beside every magic address
  | saving power on the cell modem
- brook-cli | Python | the command line for field staff without a network | uv run pytest -q
  | 12 s | with pipx, from a wheel on the office share | Ilse | one module a command, and
  commands never call each other | Windows consoles in the vans are code page 850, so arrows
  print as garbage | messages that a tired person understands at 5 a.m.
  | adding an offline copy of the station list
- ledgerline | Kotlin | the co-op's bookkeeping import from the bank | ./gradlew check
  | two minutes | after Greta has tried it with last month's file | Greta | parsers are one class
  a bank and share nothing but the Money type | the savings bank writes amounts with a trailing
  minus sign | property tests for everything that adds up money | waiting for the new bank format
- driftwood | Elixir | the chat bridge that posts alarms into the on-call room | mix test
  | 18 s | by hot upgrade, never during a storm | Tomas | alarms are processes, one a station,
  under a single supervisor | a restarted supervisor repeats the last alarm of each station
  | pattern matching in function heads instead of nested case | nearly done with quiet hours
- lockkeeper | Python | single sign-on for our five internal tools | tox -e py312 | 90 s
  | on Tuesdays only, so that two people are around | Noor | policies are TOML files and the code
  only evaluates them | session cookies need SameSite=Lax or the map editor logs people out
  | security fixes as separate commits with a plain subject line | moving off the old LDAP tree
- mudlark | Rust | full-text search over scanned river reports | just test | 55 s
  | together with a fresh index, they must match | Ravi | the tokenizer is its own crate because
  the OCR pipeline uses it as well | long s in reports before 1900 is read as f by the scanner
  | benchmarks in the pull request when a loop changes | trying out shorter snippets
- spillway | SQL and dbt | the warehouse models behind the yearly report | dbt build --select
  state:modified | six minutes | nightly, unless a model fails | Ravi | staging models only
  rename and cast, all joins live in marts/ | 29 February is missing in the calendar seed
  | CTEs named after what they hold, not step1 and step2 | documenting the last eleven columns
- otterdocs | Markdown and Astro | the handbook for station keepers | npm run linkcheck
  | half a minute | as soon as the German text is ready | Ilse | every page exists in de/ and en/
  under the same file name | umlauts in headings make different anchors in the two generators
  | screenshots retaken rather than annotated | translating the chapter on ice
""",
    ),
    aspects(
        """
fact 4
- {repo} is {purpose}; it is written in {lang}.
- The repository {repo} holds {purpose}, in {lang}.
- {lang} is the language of {repo}, {purpose}.
fact 3 testing
- Tests of {repo}: `{test}`, about {secs}.
- To test {repo} run `{test}`; expect {secs}.
decision 3 release
- {repo} is released {release}; {who} signs it off.
- Releases of {repo} happen {release}, and {who} has to agree first.
fact 3
- Layout of {repo}: {layout}.
- Where things are in {repo}: {layout}.
correction 4 trap
- Trap in {repo}: {trap}.
- I was wrong about {repo} at first. In fact {trap}.
preference 4 style
- In {repo} Mira wants {rule}.
- Mira's rule for {repo}: {rule}.
context 2
- Work in {repo} as of {day}: {state}.
- On {day} the open end in {repo} was this: {state}.
"""
    ),
)

BUGS = Topic(
    "bug",
    subjects(
        "ticket where symptom cause fix guard found lesson after",
        """
- PW-412 | tidepool's backfill | every series had a gap at 02:00 in late March | local time was
  used as a primary key | keys are UTC and the offset is its own column | a fixture from a
  daylight saving night | Ravi, while plotting last year | ask for the time zone before the schema
  | an afternoon
- PW-388 | the alarm bridge | the same flood warning arrived 41 times | a retry without an
  idempotency key | the alarm id is now the key | a test that kills the bridge mid-send
  | the whole on-call room at once | at-least-once is a promise to repeat yourself | two hours
- PW-455 | the map legend | blue and purple looked the same to one mayor | the palette was chosen
  on one bright screen | a palette checked for deuteranopia | a contrast check in CI
  | a letter on paper | show colours to somebody else first | four days, mostly discussion
- PW-301 | the telegram decoder | negative water levels turned into 65 metres | an unsigned read
  of a signed field | read i16 and test the minimum | a property test over the whole range
  | a keeper who phoned, rather amused | the first sample of a sensor is not its range
  | twenty minutes
- PW-467 | the login page | people landed on the wrong tool after signing in | the return address
  was kept in a global | it travels in the signed state parameter | two browsers in one test
  | Noor, with two tabs open | a global is a race that has not met its user yet | one morning
- PW-333 | report search | the query "Höhe" found nothing | NFC in the index and NFD in the query
  | both sides are normalised at the edge | a test with every umlaut in both forms
  | Ilse on a Mac | normalise where text enters, not where it is compared | half a day
- PW-420 | the queue's rotation | the last segment vanished after a power cut | the directory was
  never fsynced | fsync file, rename, fsync directory | a harness that pulls the plug in a VM
  | Bruno, who does not trust anything | durability has three steps, not one | a week of evenings
- PW-479 | the bank import | totals were off by one cent in May | amounts went through a float
  | integers of cents from the parser on | a ledger that must sum to zero | Greta with a pencil
  | money is never a float, not even for a moment | ten minutes and some shame
- PW-440 | the field laptop build | the tool started in 14 seconds | an eager import of the plot
  library | plots are imported by the one command that draws | a start-up budget in CI
  | Ilse in the rain | measure imports before rewriting anything | one hour
- PW-318 | the logger's modem driver | batteries died after nine days instead of ninety
  | the modem was never told to sleep after a failed dial | a state machine with a timeout in each
  state | a simulated dead network overnight | the station at Grimma falling silent
  | the failure path needs a power budget as well | three weeks, with a drive to the river
- PW-491 | the yearly warehouse run | February had 28 days in every year | the calendar seed was
  generated once in a common year | the calendar is computed from a range | a test for 2000, 2023
  and 2024 | a footnote nobody could explain | generated data needs its generator in the repo
  | a day
- PW-374 | the alarm editor | thresholds were saved as 2,5 and read as 25 | the form used the
  browser's locale and the API did not | numbers go over the wire as JSON numbers
  | one end-to-end run in German | the duty officer during a drill | locale belongs to display only
  | a rather tense evening
""",
    ),
    aspects(
        """
fact 3
- {ticket}, {where}: {symptom}.
- {symptom}: that was {ticket}, in {where}.
fact 4 cause
- Root cause of {ticket} ({where}): {cause}.
- {ticket} came down to this: {cause}, in {where}.
decision 4
- {ticket} was fixed in a way that should last: {fix}.
- The lasting fix for {ticket}: {fix}.
fact 3 testing
- What keeps {ticket} from coming back is {guard}.
- Regression guard for {ticket}: {guard}.
fact 2
- {ticket} came to light through {found}.
- How anybody noticed {ticket}: {found}.
preference 4 lesson
- Mira's lesson from {ticket}: {lesson}.
- As Mira puts it since {ticket}: {lesson}.
fact 2
- Time lost on {where} ({ticket}): {after}.
- {ticket} in {where} kept us busy for {after}.
"""
    ),
)

CHOICES = Topic(
    "choice",
    subjects(
        "area chosen rejected reason limit doc cost against",
        """
- background jobs | a PostgreSQL table with SKIP LOCKED | a separate broker | one thing less to
  back up at night | 200 jobs a second | ADR-07 | a week of work | Tomas, who likes brokers
- maps in the browser | MapLibre | a hosted map service | the tiles may not leave the country
  | 30 MB of tiles a catchment | ADR-12 | a slower first load | nobody, surprisingly
- time series storage | TimescaleDB | one file a station | field staff ask in SQL
  | 900 stations | ADR-03 | a licence question to read up on | Bruno, who loves flat files
- feature flags | a TOML file in the repository | a flag service | a flag that nobody can blame
  in git is a ghost | 25 flags | ADR-15 | a deploy for each flip | Ilse wanted a switch board
- Python packaging | uv with a lock file | Poetry | cold CI went from 70 to 9 seconds
  | one workspace of six packages | ADR-18 | retraining fingers | Ravi until he timed it
- form validation | one JSON schema for both sides | two hand-written validators | the two always
  drifted apart by spring | 40 forms | ADR-21 | clumsy error texts that we rewrite | Noor, mildly
- alarm delivery | at least once with a visible id | exactly once | the second is a story told to
  managers | five repeats an hour | ADR-09 | readers who must ignore repeats | the duty officers
- diagrams | Mermaid in the handbook | a drawing tool | a diff can be reviewed
  | 20 boxes a picture | ADR-23 | prettiness | Greta, who drew the nice ones
- dates in interfaces | ISO 8601 with an offset | epoch seconds | people read logs at night
  | four bytes more a sample, which is fine | ADR-02 | nothing worth naming | the firmware
- the monorepo question | separate repositories | one big repository | the firmware has its own
  calendar and its own fears | twelve repositories | ADR-11 | versions pinned by hand
  | ana, for what it is worth
- mobile | a web page that works offline | a native app | two people cannot feed an app store
  | 15 MB of cached data | ADR-19 | no background sync on iPhones | the pilot users at first
- logging | JSON lines on stdout | a logging agent in each process | the host already collects
  stdout | 3 GB a day | ADR-05 | jq in everybody's muscle memory | Tomas, then convinced
""",
    ),
    aspects(
        """
decision 4
- For {area} we chose {chosen} over {rejected}.
- Decision on {area}: {chosen}, not {rejected}.
fact 4
- Reason for {chosen} ({area}): {reason}.
- The argument that settled {area} was that {reason}; hence {chosen}.
decision 3 revisit
- We look at {area} again when it outgrows {limit}.
- {limit}: beyond that the choice for {area} must be reopened.
fact 2 adr
- {doc} records the discussion about {area}, {rejected} included.
- The reasoning on {area} and on {rejected} is written down in {doc}.
fact 3
- The price we pay for {chosen}: {cost}.
- Nothing is free, and {chosen} costs us {cost}.
fact 2 people
- Objections to {chosen} ({area}): {against}.
- Who objected when {area} went to {chosen}: {against}.
correction 4
- Do not propose {rejected} for {area} again; {doc} closed that.
- {area}: I suggested {rejected}, and Mira pointed me to {doc} instead.
"""
    ),
)

INTERFACES = Topic(
    "api",
    subjects(
        "service port path auth timeout limit quirk client contact next",
        """
- the telegram receiver | 7021 | /v2/telegrams | a client certificate a station | 20 s
  | 64 kB a body | it answers 202 even for garbage and files the garbage under /dead
  | the loggers in the boxes | Bruno | gzip bodies
- the series API | 8090 | /series/{station}/level | a bearer token from the login service | 5 s
  | 10,000 points a page | the end of a range is exclusive, the start is not | the public map
  | Ravi | a CSV answer for schools
- the alarm router | 8104 | /alarms | an internal network only | 2 s | one alarm a station a minute
  | a cleared alarm is a POST, not a DELETE | the chat bridge | Tomas | acknowledgement by SMS
- the tile server | 8117 | /tiles/{z}/{x}/{y}.pbf | none, it is public | 10 s
  | zoom level 14 | an empty tile is 204, which two map libraries treat as an error
  | floodmap-web | Noor | hill shading
- the login service | 8443 | /authorize | itself | 30 s | five attempts a quarter of an hour
  | the clock may be off by 60 seconds, not more | all five internal tools | Noor | passkeys
- the report search | 7700 | /find | a read key | 800 ms | 50 hits | a leading minus excludes a
  word, so dates need quotes | the archive page | Ravi | search inside tables
- the weather proxy | 8222 | /radar/latest | a key of the weather office | 15 s | 1,000 calls a day
  | the picture is five minutes older than its header claims | the forecast job | Ilse
  | wind gusts
- the bank bridge | 9100 | /statements | a token that ends after 90 days | 60 s | two runs a day
  | an empty day is 404 and not an empty list | the bookkeeping import | Greta | instant payments
- the firmware store | 8650 | /images/{board} | signed manifests | five minutes | 2 MB an image
  | range requests must start at a multiple of 512 | the loggers on their nightly call | Bruno
  | delta updates
- the metrics endpoint | 9464 | /metrics | none behind the firewall | 3 s | 4,000 series
  | station names are hashed, the key is in the vault | Prometheus on heron | Tomas | exemplars
- the webhook relay | 8301 | /hooks/{tenant} | an HMAC header | 4 s | 256 kB
  | it retries for 26 hours and then writes a letter, literally, to Greta's printer
  | three municipalities | Ilse | replay by hand
- the photo intake | 8512 | /photos | a one-time link | 90 s | 12 MB a picture
  | EXIF is stripped before storing, so the time must come from the form | station keepers
  | Noor | thumbnails in AVIF
""",
    ),
    aspects(
        """
fact 4 ports
- {service} listens on port {port} under {path}.
- Port {port}, path {path}: that is {service}.
fact 4 auth
- {service} asks for {auth}; the caller is {client}.
- How {client} may call {service}: {auth}.
decision 3
- Time budget of {service}: {timeout}, with a limit of {limit}.
- {service} gives up after {timeout} and takes {limit}.
correction 4 trap
- Odd but true of {service}: {quirk}.
- Correction on {service}: {quirk}.
fact 2 people
- {contact} knows {service} best; planned next: {next}.
- Ask {contact} about {service}, also about {next}, which comes next.
fact 3
- Main consumer of {service} ({path}): {client}.
- Whoever changes {path} on {service} breaks {client}.
"""
    ),
)

TOPICS = (REPOSITORIES, BUGS, CHOICES, INTERFACES)
