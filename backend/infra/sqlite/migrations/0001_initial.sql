-- Times are microseconds since 1970 in UTC; ids are canonical UUID text; booleans are 0 or 1.

CREATE TABLE bots (
    id             TEXT PRIMARY KEY,
    slug           TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    description    TEXT NOT NULL DEFAULT '',
    status         TEXT NOT NULL CHECK (status IN ('active', 'disabled', 'archived')),
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    trusted_bots   TEXT NOT NULL DEFAULT '[]',
    fallback_chain TEXT,
    revision       INTEGER NOT NULL
) STRICT;

CREATE TABLE memories (
    row              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    bot_id           TEXT NOT NULL REFERENCES bots (id),
    fact             TEXT NOT NULL,
    fact_hash        BLOB NOT NULL,
    category         TEXT NOT NULL
        CHECK (category IN ('preference', 'fact', 'decision', 'context', 'correction')),
    importance       INTEGER NOT NULL CHECK (importance BETWEEN 1 AND 5),
    tags             TEXT NOT NULL DEFAULT '[]',
    pinned           INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    status           TEXT NOT NULL CHECK (status IN ('live', 'superseded', 'merged', 'deleted')),
    source_kind      TEXT NOT NULL CHECK (source_kind IN ('user', 'bot', 'import')),
    source_name      TEXT NOT NULL DEFAULT '',
    source_where     TEXT NOT NULL DEFAULT '',
    session_id       TEXT,
    session_position INTEGER,
    source_memory_id TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    confirmed_at     INTEGER,
    last_accessed_at INTEGER,
    access_count     INTEGER NOT NULL DEFAULT 0,
    seen_count       INTEGER NOT NULL DEFAULT 1,
    superseded_by    TEXT,
    merged_into      TEXT,
    revision         INTEGER NOT NULL,
    written_on       TEXT NOT NULL
) STRICT;

-- The same sentence again is the same memory, unless the first one is in the trash.
CREATE UNIQUE INDEX memories_by_fact ON memories (bot_id, fact_hash) WHERE status = 'live';
CREATE INDEX memories_by_age ON memories (bot_id, status, created_at);
CREATE INDEX memories_by_session ON memories (bot_id, session_id, session_position)
    WHERE session_id IS NOT NULL;

-- Stemmed words for recall, plain words and prefixes for typing, trigrams for identifiers and CJK.
CREATE VIRTUAL TABLE memories_stem USING fts5 (
    fact, tags, written_on, content = 'memories', content_rowid = 'row',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE memories_plain USING fts5 (
    fact, tags, content = 'memories', content_rowid = 'row',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE memories_trigram USING fts5 (
    fact, content = 'memories', content_rowid = 'row', tokenize = 'trigram'
);

CREATE TRIGGER memories_words_insert AFTER INSERT ON memories BEGIN
    INSERT INTO memories_stem (rowid, fact, tags, written_on)
        VALUES (new.row, new.fact, new.tags, new.written_on);
    INSERT INTO memories_plain (rowid, fact, tags) VALUES (new.row, new.fact, new.tags);
    INSERT INTO memories_trigram (rowid, fact) VALUES (new.row, new.fact);
END;
CREATE TRIGGER memories_words_delete AFTER DELETE ON memories BEGIN
    INSERT INTO memories_stem (memories_stem, rowid, fact, tags, written_on)
        VALUES ('delete', old.row, old.fact, old.tags, old.written_on);
    INSERT INTO memories_plain (memories_plain, rowid, fact, tags)
        VALUES ('delete', old.row, old.fact, old.tags);
    INSERT INTO memories_trigram (memories_trigram, rowid, fact)
        VALUES ('delete', old.row, old.fact);
END;
CREATE TRIGGER memories_words_update AFTER UPDATE OF fact, tags, written_on ON memories
WHEN old.fact IS NOT new.fact OR old.tags IS NOT new.tags OR old.written_on IS NOT new.written_on
BEGIN
    INSERT INTO memories_stem (memories_stem, rowid, fact, tags, written_on)
        VALUES ('delete', old.row, old.fact, old.tags, old.written_on);
    INSERT INTO memories_stem (rowid, fact, tags, written_on)
        VALUES (new.row, new.fact, new.tags, new.written_on);
    INSERT INTO memories_plain (memories_plain, rowid, fact, tags)
        VALUES ('delete', old.row, old.fact, old.tags);
    INSERT INTO memories_plain (rowid, fact, tags) VALUES (new.row, new.fact, new.tags);
    INSERT INTO memories_trigram (memories_trigram, rowid, fact)
        VALUES ('delete', old.row, old.fact);
    INSERT INTO memories_trigram (rowid, fact) VALUES (new.row, new.fact);
END;

-- A job says: make the index agree with this memory's row as it is now. Doing it twice is harmless.
CREATE TABLE index_jobs (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_id  TEXT NOT NULL UNIQUE ON CONFLICT REPLACE,
    bot_id     TEXT NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    error      TEXT
) STRICT;
CREATE INDEX index_jobs_by_bot ON index_jobs (bot_id);

-- Which text of a memory has a vector, and by which model.
CREATE TABLE vectors (
    memory_id TEXT PRIMARY KEY,
    bot_id    TEXT NOT NULL,
    model     TEXT NOT NULL,
    fact_hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vectors_by_bot ON vectors (bot_id, model);

-- The journal: append only. `digest` is SHA-256(salt || payload); a forgotten payload keeps it.
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    act      TEXT NOT NULL,
    bot_id   TEXT,
    summary  TEXT NOT NULL,
    undoable INTEGER NOT NULL CHECK (undoable IN (0, 1)),
    undo_of  INTEGER REFERENCES events (sequence),
    digest   BLOB NOT NULL,
    key_id   TEXT NOT NULL,
    mac      BLOB NOT NULL
) STRICT;
CREATE INDEX events_by_actor ON events (actor, sequence);
CREATE INDEX events_by_undo ON events (undo_of) WHERE undo_of IS NOT NULL;

CREATE TABLE event_payloads (
    event     INTEGER NOT NULL REFERENCES events (sequence),
    position  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    before    TEXT,
    after     TEXT,
    salt      BLOB,
    digest    BLOB NOT NULL,
    PRIMARY KEY (event, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_payloads_by_entity ON event_payloads (entity_id, event);

CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN
    SELECT RAISE (ABORT, 'events are append-only');
END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events BEGIN
    SELECT RAISE (ABORT, 'events are append-only');
END;
CREATE TRIGGER event_payloads_never_go BEFORE DELETE ON event_payloads BEGIN
    SELECT RAISE (ABORT, 'event payloads are append-only');
END;
-- The only change a payload may see is to be forgotten.
CREATE TRIGGER event_payloads_only_forget BEFORE UPDATE ON event_payloads
WHEN new.before IS NOT NULL OR new.after IS NOT NULL OR new.salt IS NOT NULL
    OR new.event IS NOT old.event OR new.position IS NOT old.position
    OR new.kind IS NOT old.kind OR new.entity_id IS NOT old.entity_id
    OR new.digest IS NOT old.digest
BEGIN
    SELECT RAISE (ABORT, 'event payloads can only be forgotten');
END;

-- Seals the newest event: without it the journal's tail could be cut off unseen.
CREATE TABLE journal_head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL,
    mac      BLOB NOT NULL
) STRICT;

CREATE TABLE saved_filters (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    text       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL
) STRICT;

-- What programs remember for the next start (current bot, screen, cursor): not journalled.
CREATE TABLE program_state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
