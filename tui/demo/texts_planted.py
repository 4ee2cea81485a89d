"""What is planted on purpose: contradictions, junk and facts that have expired.

Every secret here is a row of zeros with the word demo in it.
"""

from __future__ import annotations

CONTRADICTIONS = """
ana fact 4 number
- The staging database of tidepool listens on port 5433. | The staging database of tidepool
  listens on port 5434.
- A pull request needs two approvals before it may be merged. | A pull request needs one approval
  before it may be merged.
- Coverage of gaugekit must not fall below 85 %. | Coverage of gaugekit must not fall below 80 %.
ana decision 4 negation
- We squash commits when we merge. | We do not squash commits when we merge.
- Generated files are checked in. | Generated files are never checked in.
ana decision 4 order
- In new code we use httpx instead of requests. | In new code we use requests instead of httpx.
- Migrations run before the new version starts, never after it. | Migrations run after the new
  version starts, never before it.
ana fact 3 name
- Bruno keeps the signing key for firmware images. | Ilse keeps the signing key for firmware images.
ben fact 4 date
- Mira's next eye test is on 14 March at nine. | Mira's next eye test is on 21 March at nine.
- The lease of the flat ends on 30 June 2028. | The lease of the flat ends on 30 September 2028.
- The chimney sweep comes on the second Monday in May. | The chimney sweep comes on the third
  Monday in May.
ben preference 3 negation
- Mira takes sugar in her tea. | Mira does not take sugar in her tea.
- Jonas likes surprise parties. | Jonas dislikes surprise parties.
ben fact 3 number
- The guest bed is 140 cm wide. | The guest bed is 160 cm wide.
- Hana wears shoes of size 29. | Hana wears shoes of size 31.
ben fact 3 name
- Anselm waters the balcony when nobody is at home. | Zoë waters the balcony when nobody is at home.
chi fact 4 number
- Our best drift model reaches a recall of 0.83. | Our best drift model reaches a recall of 0.73.
- The archive in Dresden allows 500 requests a day. | The archive in Dresden allows 50 requests
  a day.
- The Mulde crested at 8.68 metres in August 2002. | The Mulde crested at 8.86 metres in
  August 2002.
chi fact 4 date
- Abstracts for the Gent workshop are due on 1 February. | Abstracts for the Gent workshop are due
  on 15 January.
- The new survey flight is planned for April 2027. | The new survey flight is planned for
  October 2027.
chi decision 4 negation
- We report p-values in the drift note. | We do not report p-values in the drift note.
chi fact 3 order
- Keyword search beats the vectors on old German reports. | The vectors beat keyword search on old
  German reports.
chi fact 3 name
- The microphone data came from the school in Borna. | The microphone data came from the school
  in Grimma.
dan fact 5 number
- egret keeps WAL segments for 36 hours. | egret keeps WAL segments for 63 hours.
- SSH on bittern listens on port 2222. | SSH on bittern listens on port 2022.
- The battery in the cellar lasts 40 minutes under load. | The battery in the cellar lasts
  14 minutes under load.
dan fact 4 date
- The contract with the data centre in Falkenstein ends in March 2028. | The contract with the data
  centre in Falkenstein ends in May 2028.
- The next restore drill is on Thursday, 10 December. | The next restore drill is on Thursday,
  17 December.
dan decision 4 negation
- Unattended upgrades are enabled on dipper. | Unattended upgrades are disabled on dipper.
- Root logins over SSH are refused everywhere. | Root logins over SSH are not refused on avocet.
dan decision 4 order
- Fail over from egret to kingfisher, then tell the crew. | Tell the crew, then fail over from
  kingfisher to egret.
dan fact 4 name
- Tomas is on call in the first week of each month. | Noor is on call in the first week of each
  month.
eva fact 4 number
- The column may have 750 words at most. | The column may have 700 words at most.
- Invoices to Bristol are paid within 30 days. | Invoices to Bristol are paid within 60 days.
eva fact 4 date
- The manuscript of “Drift” goes out on 31 December. | The manuscript of “Drift” goes out on
  15 December.
- The reading in Graz is on Friday, 5 March. | The reading in Graz is on Friday, 12 March.
eva preference 4 negation
- Mira signs with her full name in letters to the press. | Mira never signs with her full name in
  letters to the press.
eva fact 3 name
- Moriko proofreads the English version of the handbook. | Nadia proofreads the English version of
  the handbook.
eva preference 3 order
- Mira wants the bad news before the good news. | Mira wants the good news before the bad news.
"""

REWORDED = """
ana preference 4
- Mira prefers tabs that show the file's folder. | She likes editor tabs to include the directory
  name.
- Type hints are wanted on every public function. | Mira expects public functions to be fully
  annotated.
- No emoji in log messages. | Logs should stay free of emoji, Mira finds.
- Explain a regex in a comment above it. | Any regular expression deserves a line that says what
  it matches.
ana fact 3
- Bruno reviews firmware only before noon. | Firmware reviews by Bruno happen in the morning.
- The CI machine is switched off over Christmas. | There is no CI during the Christmas days.
ben preference 4
- Mira prefers the aisle seat on planes. | On flights she would rather sit at the aisle.
- She drinks her coffee black. | No milk and no sugar in Mira's coffee.
- Paper tickets are nicer than tickets on the phone. | Mira likes to hold a printed ticket instead
  of showing a screen.
ben fact 3
- Mira is allergic to penicillin. | Penicillin gives Mira a rash; doctors must be told.
- Jonas rehearses on Tuesday and Friday evenings. | On Tuesdays and Fridays Jonas is at rehearsal
  after dinner.
- The landlady's name is Frau Winkelmann. | Frau Winkelmann owns the flat they rent.
- The nearest pharmacy with night service is at the Lindenau market. | At night, medicine can be
  had at the chemist's on Lindenau market.
chi preference 3
- Mira wants confidence intervals rather than standard errors. | Show intervals of confidence, not
  standard errors, in her plots.
- She prefers reading on the e-ink tablet. | Long texts go to Mira's e-reader, she dislikes screens
  that glow.
- Links to preprints should include the version. | When citing a preprint, add which version it is.
chi fact 3
- Ravi and Mira have shared an office since 2019. | Since 2019 Mira sits in one room with Ravi.
- The cluster account is paid until the end of the grant. | Computing time on the cluster is covered
  as long as the grant runs.
- Groundwater is not part of our models. | Our models leave out groundwater.
dan preference 4
- Mira reads alarms on her watch, so the first five words count. | Put what matters in the opening
  words of an alarm, because she sees it on a watch.
- Restart one service at a time. | Never bounce two services at once.
- Changes on Fridays are fine if they can be undone within a minute. | A Friday deploy is allowed
  when rolling back takes less than a minute.
dan fact 3
- The cellar floods a little every third winter. | Roughly one winter in three there is some water
  in the cellar.
- The spare disks lie in the drawer below the label printer. | Look under the label printer, in the
  drawer, for replacement disks.
- The office uplink is 250 Mbit/s. | From the office we can upload with 250 Mbit/s.
eva preference 4
- Mira dislikes being called an expert. | Do not describe her as an expert, she hates the word.
- Keep paragraphs under six lines. | A paragraph should not run longer than five lines.
- Condolences are always written by hand. | For letters of sympathy Mira takes pen and paper, never
  mail.
eva fact 3
- The column has appeared since the spring of 2021. | Mira has been writing her column since
  spring 2021.
- Her translator works from English, not from German. | Translations start from the English text
  instead of the German one.
"""

JUNK = """
short
- ok
- Yes.
- Thanks!
- later
- Done
- hm
- Tuesday
- see above
- 42
- 👍
- config
- Mira?
boilerplate
- Let me know if there is anything else I can help you with!
- The user asked a question and the assistant answered it.
- As an AI language model I cannot remember previous conversations.
- This conversation has been summarised to save space.
- I'm sorry for the confusion earlier.
- Great question! Let's dive in.
- Here is a step-by-step guide to help you get started.
- The task was completed successfully without any errors.
- No relevant memories were found for this request.
- In conclusion, it depends on the specific use case.
- The user greeted the assistant politely.
- Feel free to reach out if further details are needed.
secret
- Sandbox key for the language model: sk-demo-00000000000000000000000000000000
- export OPENAI_API_KEY=sk-demo-proj-0000000000000000000000000000
- Token for the chat bridge: xoxb-000000000000-demo-000000000000
- The deploy token is ghp_demo00000000000000000000000000000000
- aws_access_key_id = AKIADEMO000000000000
- Card for the train tickets: 0000 0000 0000 0000, valid until 00/00, code 000
- password for the test user is demo-hunter-0000
- Authorization: Bearer eyJkZW1v.MDAwMDAwMDAwMDAw.000000000000
- postgres://demo:demo0000@db.example:5432/tidepool
- The Wi-Fi in the cellar wants demo-0000-0000-0000 as its pass phrase
- -----BEGIN DEMO PRIVATE KEY----- 0000000000000000 -----END DEMO PRIVATE KEY-----
- PIN of the demo bank card is 0000
dangling
- He said yes, but do it the second way.
- It is the one on the left, as discussed.
- Same problem as last time, same answer.
- She will send it when they are back.
- Use the other one instead.
- That was the wrong file, take the newer version.
- The number is higher than he thought.
- Moved to the day after.
- They agreed, except for the last point.
- It works again since this morning.
- This should be changed everywhere.
- Both of them, but not together.
"""

ECHOES = (
    "I already knew this and it is still true: {fact}",
    "As I told Mira a moment ago, {fact}",
    "Recalled in this conversation: {fact}",
    "The memory says: {fact}",
    "Repeating for completeness, {fact}",
    "Answered from memory. {fact}",
    "Mira was reminded of the following: {fact}",
    "According to what I remember: {fact}",
    "(from an earlier note) {fact}",
    "Confirmed once more to Mira, {fact}",
    "I found this and read it out: {fact}",
    "Used in my last reply: {fact}",
)

STALE = """
ana
- The branch for the demo on {soon} is frozen until then; no merges.
- Noor's laptop is in repair until {soon}, ask Tomas for map reviews this week.
- Today's build is red because of the mirror, somebody is on it.
- Sprint goal until {soon}: the offline station list on one van.
ben
- The plumber calls back before {soon} about the dripping tap.
- Lena lands in Berlin on {soon} at 14:35, fetch her from the airport train.
- Mira has a cold and stays in bed until about {soon}.
- Two parcels are at the shop downstairs, to be fetched by {soon}.
chi
- The reviewers want our answer by {soon}; remarks 2 and 5 are open.
- Library books on ice jams are due back on {soon}.
- Ensemble runs are at member 31 of 80, finished by tomorrow evening.
- Waiting for the visa letter for the workshop that begins on {soon}.
dan
- Tonight at 23:00 the fibre is cut over, expect five minutes of silence.
- kingfisher is primary until the drill ends on {soon}.
- Greta is at her attic until {soon}, a good moment to swap the disk in bittern.
- Storm warning for tomorrow, so all deploys wait.
eva
- Out-of-office text is active until {soon}, in both languages.
- The column for this Saturday still lacks its last paragraph.
- The printer holds our slot until {soon}, files must arrive before noon.
- Drafting the invitation for the summer party on {soon}; the list has 34 names.
"""
