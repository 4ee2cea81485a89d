"""Single facts, written one by one: what the bots know about Mira herself.

A head line "bot category importance [pin]" stands above the facts that it describes.
"""

from __future__ import annotations

LOOSE = """
ana preference 4 pin
- Prefers dark mode in every editor, with the font at 14 points.
- Wants a failing test before any fix, even for one-line fixes.
- Commit subjects are plain sentences that a user could read; no prefixes such as feat or chore.
ana preference 3
- Mira reviews code on paper when the change is longer than 400 lines.
- Names may be long if they are honest, she says; abbreviations need a reason.
- She types on a split keyboard with the Neo layout, so do not explain QWERTY shortcuts.
- For small scripts Mira reaches for fish, not bash.
ana fact 4 pin
- Main machine: a ThinkPad with Fedora; the desktop under the desk only builds firmware.
- Secrets live in pass, never in .env files; ask before touching either.
ana fact 2
- Her first program drew a river in Turbo Pascal, and she still has the floppy disk.
- The office kettle is called Jenkins because nobody knows when it will finish.
ana decision 4
- No force pushes after somebody else has commented, agreed with Noor and Tomas.
- We stop supporting Python 3.10 as soon as the vans have new laptops.
ana correction 5 pin
- The default branch is trunk in all our repositories, not main.
ben preference 4 pin
- Coffee before questions: no reminders earlier than 7:30, except trains.
- Mira eats vegetarian at home and fish when she is near a sea.
- Short answers, please; details only when she asks for them.
ben preference 3
- On trains she likes window seats facing backwards, because leaving looks better than arriving.
- Music while cooking: anything with a viola, nothing with lyrics.
- Presents should be useful, edible or handmade, in this order.
ben fact 4 pin
- Allergies in the flat: Jonas cannot have walnuts 🌰, Zoë's cat must not have lilies.
- The spare key is with Zoë on the third floor, and Anselm has another one.
ben fact 3
- The parrot is called Kontrapunkt and answers to Punkt 🦜.
- Mira swims 1,500 metres on Wednesdays, about 34 minutes without hurry.
- The bins go out on odd Thursdays; the blue one follows a calendar of its own.
- Hana's first word for Mira was おばちゃん, and it has stayed her name in that family.
ben decision 3
- No more streaming subscriptions; the money goes into two concert tickets a month.
- The guest room stays a guest room, whatever the piano tuner suggests.
ben correction 4
- Jonas plays the viola; I must stop calling it a violin.
- Kyoto is eight hours ahead of Leipzig in winter and seven in summer; I had it the other way.
chi preference 4 pin
- Summaries start with what the paper cannot show, then what it shows.
- Mira wants the page number beside every quoted figure.
chi preference 3
- Plots in greyscale first; colour must earn its place.
- She reads methods before results and skips introductions without shame.
- Units with a space and a real minus sign (−3 cm), also in drafts.
chi fact 4 pin
- Her own doctorate was about bell-shaped errors in hand-read gauges, 188 pages, grade 1.2.
- Library card of the state library: on the shelf by the door, ends every second summer.
chi fact 2
- The group's unwritten motto is “plot it before you believe it”.
- Mira once wrote to an author to say that his limerick in a footnote did not scan.
- The word for flood in Hebrew is שיטפון, added to the glossary after the Haifa interviews.
chi decision 4
- We publish negative results as two-page notes with the data attached.
- No experiment runs overnight without a written guess of its outcome.
chi correction 4
- Return periods are probabilities per year; I had described one as a schedule.
- Skill scores in our notes are Nash–Sutcliffe unless another name is given.
dan preference 5 pin
- Wake Mira at night only when a siren text is at risk; everything else waits until seven.
- One alarm, one sentence, one link to the runbook.
dan preference 3
- She prefers boring upgrades on Tuesdays to clever ones on any day.
- Graphs in UTC for machines, local time in mails to people.
- Every script prints what it would do when called with --dry-run.
dan fact 4 pin
- Emergency access is an envelope in Greta's cupboard and a second in Tübingen with Ulrich.
- The rack's breaker is the third from the left, labelled Kühlung by mistake.
dan fact 3
- Tomas answers the phone on mountains, but not at lunch.
- Power in the cellar comes from two phases; heron and grebe share one of them.
- Nobody may start ladders or upgrades alone, a rule older than the co-op.
dan decision 4
- Servers are named after water birds; the list of free names hangs at the fridge.
- No container may run as root, and exceptions end after 30 days.
dan correction 5 pin
- The staging host is heron, not falcon; falcon was given back two years ago.
dan correction 4
- Backups are counted as done when a restore was tried, not when the job is green.
eva preference 4 pin
- No “I hope this finds you well”, in no language.
- British spelling in English texts; Oxford commas only where a list would trip.
- Every mail ends with one clear question or none at all.
eva preference 3
- Mira drafts by hand in the morning and dictates corrections on the way to work.
- Titles come last, three at a time, and she picks the second one suspiciously often.
- She prefers Du with everybody under the same roof and Sie until asked otherwise.
- Footnotes are for jokes; facts belong in the text.
eva fact 4 pin
- Her column appears every other Saturday and is due on the Thursday before at noon.
- Signature for business mail: Mira, Pegelwerk eG, Leipzig, without a phone number.
eva fact 2
- Her pen name for stories is M. Auenwald, known to four people and one bank.
- The word she bans from all drafts this year is “leverage”, and before it was “holistic”.
- A reader in Bremen returns every printed column with corrections in green ink.
eva decision 4
- Interviews are shown to the person before printing, always, quotes included.
- No writing about Jonas without his yes, given after reading and not before.
eva correction 4
- Professor Aldana is a woman; I had written “he” in two letters.
- It is Straße in German texts and never Strasse, even in addresses abroad.
"""

RECENT = """
ana context 3
- Noor is out until Wednesday, so reviews of the map code wait or go to Ravi.
- The field trial of the offline station list starts with two vans this month.
- Half of the SEBA-2 fixtures are typed in; Bruno sends the rest from the archive.
- CI minutes are short this month, Mira asked for smaller test runs on branches.
ben context 3
- Lena and Hana are thinking about a visit at cherry time; flights are not booked.
- Zoë's knee is in a splint, so Mira carries her shopping upstairs.
- The dentist wants to see Mira again about the upper left molar, a date is open.
- Punkt is moulting and in a bad mood; fewer whistles, more pear.
chi context 3
- Waiting for the second set of Wurzen scans, Herr Jähnichen promised a hard disk.
- The drift note is with two co-authors; Pilar checks the statistics.
- Mira reads one chapter of “Averages Drown” each tram ride and is in the middle.
dan context 3
- bittern has one disk with seven pending sectors; the spare is ordered.
- The cellar is being painted, so the rack has a tent with a hole for the air.
- Two of the old modems answer only on the third try since the cold nights.
eva context 3
- The printer's proof has two blank pages too many; they are looking into it.
- Moriko needs a decision on the Japanese word for weir, 堰 or ダム, before she goes on.
- Stream & Stone has moved the canoe piece by one issue, no reason given.
"""
