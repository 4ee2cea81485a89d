"""What dan, the operations bot, remembers: servers, nightly jobs, incidents and certificates."""

from __future__ import annotations

from tui.demo.texts_base import Topic, aspects, subjects

SERVERS = Topic(
    "servers",
    subjects(
        "host role os ram place owner quirk window disk watch story",
        """
- heron | staging for everything | Debian 12 | 32 GB | the rack in the cellar | Tomas
  | after a power cut the network card needs a second reboot | Tuesday before nine
  | two mirrored 1 TB disks | load above 12 | named first, so it gets all the blame
- egret | the database primary | Debian 12 | 128 GB | a data centre in Falkenstein | Ravi
  | huge pages must be set before PostgreSQL starts | the first Sunday at five
  | four NVMe drives in RAID 10 | replication lag above 20 s | has never been rebooted in anger
- kingfisher | the database replica | Debian 12 | 128 GB | a data centre in Helsinki | Ravi
  | its clock drifts when chrony loses the pool | whenever egret is healthy
  | a copy of egret's layout | days since the last failover drill | was primary for one night
- dipper | the public map | Alpine 3.20 | 16 GB | a cloud region in Frankfurt | Noor
  | the tile cache fills the root disk at 92 % | any night without a warning
  | 160 GB of block storage | 5xx answers a minute | survived a television programme
- bittern | nightly backups only | FreeBSD 14 | 24 GB | Greta's attic in Halle | Tomas
  | the attic gets 41 degrees in July and the fans go mad | Wednesday afternoon
  | eight disks in raidz2 | disk temperature | hidden behind a doll's house
- sandpiper | continuous integration | Ubuntu 24.04 | 64 GB | under Noor's desk | Noor
  | builds with more than six jobs starve the disk | lunch | one fast SSD, disposable
  | queue length above nine | has a sticker that says “it compiles”
- cormorant | chat and video | Debian 12 | 48 GB | a data centre in Nuremberg | Greta
  | the recorder keeps /tmp full after a crash | Friday after four | 500 GB with quotas
  | rooms without a moderator | carried the whole floods conference
- wagtail | the receiver for telegrams | Debian 11 | 8 GB | two virtual machines | Bruno
  | an upgrade breaks the old modems' TLS | only in summer, at low water | 40 GB, nearly empty
  | minutes since the last telegram | the oldest config line dates from 2014
- ouzel | report search | NixOS 24.05 | 96 GB | the rack in the cellar | Ravi
  | a rebuild of the index takes all memory for 50 minutes | Saturday | 2 TB of spinning rust
  | p95 of a search | the only machine whose config fits a page
- plover | the bookkeeping box | Debian 12 | 4 GB | a locked cupboard in the office | Greta
  | USB dongle for the bank falls asleep | the day after the tax return | an encrypted 250 GB SSD
  | failed logins | nobody but Greta knows the cupboard's code
- grebe | metrics and dashboards | Fedora 41 | 40 GB | the rack in the cellar | dan
  | retention over 400 days makes restarts slow | daily at 3:30 | 1.5 TB on ZFS
  | its own silence, seen from dipper | watches everybody and blushes
- avocet | the playground | Arch, on purpose | 12 GB | Jonas's old gaming case | Mira
  | may vanish at any time without an alarm | always | whatever disk was left
  | nothing at all | once ran a parrot webcam 🦜
""",
    ),
    aspects(
        """
fact 5
- {host} is {role}, in {place}; {owner} looks after it.
- The machine for {role} is called {host} (owner {owner}), and it stands here: {place}.
fact 3 hardware
- {host} runs {os} with {ram} of memory; disks: {disk}.
- Hardware of {host}: {ram} of memory and {disk}, under {os}.
correction 4 quirk
- Mind this on {host}: {quirk}.
- It took a bad hour to learn it about {host}: {quirk}.
decision 4 maintenance
- Maintenance window of {host} ({role}): {window}.
- As {role}, {host} may be restarted in this window only: {window}.
fact 3 alerts
- The alert that matters on {host} is {watch}.
- Page somebody about {host} because of {watch}, not for less.
fact 1 stories
- Trivia about {host}: {story}.
- {host}, for the newcomers: {story}.
"""
    ),
)

JOBS = Topic(
    "cron",
    subjects(
        "job host cron does lasts fails rule log next pause",
        """
- pg-dump-all | egret | 15 1 * * * | dumps every database and encrypts the result | 38 minutes
  | a dump below 9 GB counts as failed | keep 14 days, 8 weeks and 12 months | /var/log/dump
  | parallel dumps of the two big tables | during migrations
- restic-offsite | bittern | 40 2 * * * | pulls from all machines into the attic | two hours
  | three machines missing wakes Tomas | prune only on Sundays | journal unit restic
  | a second copy in Tübingen | above 38 degrees
- cert-renew | dipper | 7 */12 * * * | renews whatever has under 30 days left | 20 seconds
  | a warning at 21 days, a call at seven | DNS challenge, never HTTP | /var/log/lego
  | shorter lifetimes | during change freezes
- tile-warm | dipper | 0 5 * * * | asks for the hundred most wanted tiles | six minutes
  | a miss rate over 15 % | stop at the first 5xx | stdout only | follow the radar
  | while a warning is out
- river-report | grebe | 30 6 * * 1-5 | mails levels, trends and odd sensors to the crew
  | one minute | an empty report is an error as well | no pictures, people read it on phones
  | the mail log on cormorant | a line about ice | on public holidays
- drift-scan | ouzel | 5 4 * * 0 | compares the spread of each sensor with last month
  | 55 minutes | more than four suspects at once | never open tickets by itself | runs/drift
  | chi's E-31 method | in frost
- vacuum-big | egret | 0 3 * * 6 | vacuums the three tables over 100 GB | an hour or three
  | still running at eight | cancel it rather than the morning's work | pg_stat_progress_vacuum
  | partitions by year | on storm weekends
- ci-sweep | sandpiper | */20 * * * * | deletes workspaces that nobody touched for a day
  | seconds | less than 60 GB free | leave anything called keep-* | /srv/ci/sweep.log
  | a quota for each branch | while a release builds
- bank-pull | plover | 10 7 * * 1-5 | fetches statements into the bookkeeping | 90 seconds
  | two empty days in a row | Greta gets a note, nobody else | a paper printout, by Greta's wish
  | instant payments | at the turn of the year
- modem-ping | wagtail | */10 * * * * | dials the seven stations that are still on old modems
  | four minutes | a station silent for 50 minutes | no more than three dials an hour each
  | /var/spool/dial | the last modem's retirement | in thunderstorms
- index-rebuild | ouzel | 0 22 * * 5 | builds the report index afresh beside the old one
  | 50 minutes | a document count that shrinks | swap by symlink, keep the old one for a week
  | nixos journal | incremental merges | if the OCR is running
- failover-drill | kingfisher | 0 5 1-7 * 0 | promotes the replica and goes back again
  | 22 minutes | more than 90 s without writes | announce it two days ahead | drills/ in the wiki
  | a drill nobody knows of | in flood season
""",
    ),
    aspects(
        """
fact 4
- `{job}` on {host} {does}; schedule `{cron}`.
- Cron on {host}: `{cron}` starts `{job}`, which {does}.
fact 3 duration
- `{job}` usually lasts {lasts}; its log: {log}.
- Expect {lasts} for `{job}`, and look for its traces here: {log}.
decision 4 alerts
- Alarm rule of `{job}`: {fails}.
- When `{job}` should make noise: {fails}.
decision 3
- House rule for `{job}`: {rule}.
- What Mira and I agreed about `{job}`: {rule}.
fact 2 plans
- Idea for `{job}` when there is time: {next}.
- Next improvement of `{job}`, as talked over with Tomas: {next}.
preference 4 pause
- Mira wants `{job}` to pause {pause}.
- Do not run `{job}` {pause}, Mira says.
"""
    ),
)

INCIDENTS = Topic(
    "incidents",
    subjects(
        "code what where minutes cause first fix action who lesson said",
        """
- INC-14 | the map was blank | dipper | 26 minutes | a full root disk | Noor's uncle, by phone
  | deleting the tile cache by hand | a quota for the cache | Noor | watch the slope, not the level
  | “It was a very calm map.”
- INC-15 | alarms came two hours late | wagtail | 124 minutes | a stuck modem lock file
  | the duty officer at Eilenburg | removing the lock | locks with an age limit | Bruno
  | silence is a signal too | “I thought it was just a nice day.”
- INC-16 | nobody could log in | cormorant | 48 minutes | an expired intermediate certificate
  | everybody at nine sharp | the new chain | checks that read the whole chain | Noor
  | the leaf is not the tree | “Finally some quiet.”
- INC-17 | the replica served old data | kingfisher | five hours | a replication slot dropped by
  mistake | Ravi's plot with a cliff | a fresh base backup | lag as a page, not as a mail | Ravi
  | read-only is not the same as right | “The past looked plausible.”
- INC-18 | the attic went offline | bittern | a day and a half | heat, 46 degrees
  | Greta's daughter, who heard no humming | a fan and an open window | pause the job by temperature
  | Tomas | a place has weather | “The dolls complained first.”
- INC-19 | CI was red for every branch | sandpiper | 190 minutes | a mirror with a broken package
  | the first commit of the morning | pinning the package | a small mirror of our own | Mira
  | somebody else's server is a dependency | “So it wasn't me. For once.”
- INC-20 | search answered in eleven seconds | ouzel | 70 minutes
  | an index rebuild during office hours | a historian in Riga | stopping the rebuild
  | a lock on weekdays | Ravi | a calendar is an operations tool | “I had time to make tea.”
- INC-21 | payments were booked twice | plover | one morning
  | a retry after a timeout that had worked | Greta's pencil | reversing 14 bookings
  | idempotency by statement number | Greta
  | timeouts mean maybe | “Generous of us.”
- INC-22 | the conference dropped 80 people | cormorant | eight minutes | a recorder without disk
  | the speaker, mid-sentence | turning the recorder off | recordings on their own volume | Greta
  | extras must fail alone | “I blame my slides.”
- INC-23 | metrics were missing for a night | grebe | nine hours | a retention change
  | grebe's absence on a plot | going back to 400 days | a canary alarm from dipper | dan
  | who watches the watcher | “It was the best night on record.”
- INC-24 | staging mailed real keepers | heron | three minutes, 61 mails | a copied config
  | a keeper who asked what lorem means | blocking port 25 | staging has its own mail sink | Tomas
  | staging must not know addresses | “Lorem to you as well.”
- INC-25 | tickets closed by themselves | lockkeeper's host | an evening
  | a bot that read “fixes” in a quote | Ilse | switching the bot off
  | only maintainers' commits close tickets | Mira | words are not commands
  | “Productivity at last.”
""",
    ),
    aspects(
        """
fact 3
- {code} ({where}): {what}, for {minutes}.
- During {code} {what}. Place and length: {where}, {minutes}.
fact 4 cause
- Cause of {code}: {cause}, on {where}.
- {code} on {where} goes back to {cause}.
fact 2 detection
- First to notice {code}: {first}.
- What told us about {code} was not a dashboard: {first}.
fact 3
- Quick remedy in {code}: {fix}.
- {code} ended with {fix}.
decision 5 follow-up
- Follow-up of {code}: {action}; {who} does it.
- {who} took over the follow-up to {code}, namely {action}.
preference 3 lesson
- Lesson that Mira wrote under {code}: {lesson}.
- {lesson}: Mira's last line in the report on {code}.
fact 1 quotes
- Quote from the review of {code}: {said}
- {said} Somebody said that in the review of {code}, and it stuck.
"""
    ),
)

DOMAINS = Topic(
    "domains",
    subjects(
        "domain use registrar renews ca ttl dns contact mail rule history",
        """
- pegelwerk.example | the co-op's front door | a registrar in Berlin | 3 March | a free CA
  | one hour | two name servers at home and one in Oslo | Greta | strict DMARC
  | the apex never moves without a second pair of eyes | bought for ten marks, or so she says
- flutkarte.example | the public map | the same one in Berlin | 19 August | a free CA, by DNS
  | five minutes | anycast | Noor | no mail at all | low TTL, for storms | the name won a poll
- api.pegelwerk.example | all interfaces | a delegated zone | with its parent | our own CA inside
  | 60 seconds | heron and grebe | Ravi | rejected | versions in paths and never in names
  | was rest.pegelwerk for a year
- alarm.example | the siren texts | a registrar in Vienna | 11 November | a paid CA, by contract
  | 15 minutes | the ministry's servers | Ilse | signed twice | changes need a letter
  | came with a fax number
- otter.example | the handbook | Berlin again | 30 May | a free CA | four hours
  | two small machines in Riga | Ilse | a single alias | English and German share one host
  | a typo of “other” that stayed
- leihboot.example | Mira's side project about canoe rental | a cheap one in Tallinn | 8 January
  | a free CA, as a wildcard | a day | the registrar's own | Mira | forwards to eva
  | let it lapse if unused
  | a Spreewald idea, bought at midnight
- mira.example | her homepage | a friend's registry account | 24 December | a free CA
  | twelve hours | bittern, of all places | Mira | family addresses, seven of them
  | never log visitors | older than her degree
- pegel.internal | names inside the office | nobody, it is private | does not apply
  | our own root, until 2031 | ten seconds | plover | dan | dies at the border
  | no split horizon | replaced the hosts file of 2016
- status.example | the status page | a different company on purpose | 2 October | theirs
  | 30 seconds | theirs, far from ours | Tomas | sends only | must not share a network with us
  | the lesson of the big outage
- kelterei.example | Anselm's apple juice | Vienna | 1 September | a free CA | two days
  | one shared host | Anselm, through ben | a form that prints | no shop, he said
  | a birthday present
- mess.example | the sensor school project | a school account | in the holidays | the state's CA
  | half an hour | a server with a fish on it | Bruno | pupils may not send | no names of children
  | eleven pupils voted for it
- altpegel.example | the archive of scans | Berlin, a third time | 17 April | a free CA, late
  | six hours | ouzel | Ravi | a mailbox that Ravi reads | addresses of scans are for ever
  | saved one day before it ended
""",
    ),
    aspects(
        """
fact 4
- {domain} serves {use}; person in charge: {contact}.
- Responsible for {domain} ({use}) is {contact}.
fact 4 renewal
- {domain} renews on this date: {renews}. Registrar: {registrar}.
- Renewal of {domain}: {renews}, at {registrar}.
fact 3 tls
- Certificates of {domain} come from {ca}; TTL {ttl}.
- {domain} has a TTL of {ttl} and this issuer: {ca}.
fact 3 dns
- Name service of {domain}: {dns}. Mail: {mail}.
- {domain} is answered by {dns}; as to mail, {mail}.
decision 4
- Rule for {domain}, {use}: {rule}.
- Agreed about {domain} ({use}): {rule}.
fact 1 history
- How {domain} came about: {history}.
- Small history of {domain}: {history}.
context 3
- State of {domain} on {day}: checked, {contact} knows, nothing to pay before {renews}.
- On {day} I checked {domain}: {contact} is informed and no bill is due before {renews}.
"""
    ),
)

TOPICS = (SERVERS, JOBS, INCIDENTS, DOMAINS)
