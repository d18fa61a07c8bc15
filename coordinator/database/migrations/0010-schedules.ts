/** What is to run at which times, and what became of each time. */
export const sql = `
CREATE TABLE schedules (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  owner_seq   INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,                      -- NFKC, lower case: names that look alike collide
  version     INTEGER NOT NULL DEFAULT 1,         -- raised by every change but a run
  cron        TEXT,
  every_ms    INTEGER CHECK (every_ms >= 10000 AND every_ms % 1000 = 0),
  anchor_at   INTEGER CHECK (anchor_at % 1000 = 0),   -- intervals are counted from then
  time_zone   TEXT NOT NULL,
  wish        TEXT NOT NULL CHECK (json_valid(wish)),  -- what is asked for each time
  misfire     TEXT NOT NULL CHECK (misfire IN ('skip', 'once', 'all')),
  overlap     TEXT NOT NULL CHECK (overlap IN ('skip', 'queue', 'cancel-old')),
  pause_after INTEGER NOT NULL CHECK (pause_after BETWEEN 0 AND 1000),
  failures    INTEGER NOT NULL DEFAULT 0,         -- in a row
  state       TEXT NOT NULL CHECK (state IN ('active', 'paused')),
  reason      TEXT,                               -- why it is paused
  next_at     INTEGER,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (owner_seq, name_key),
  CHECK ((cron IS NULL) <> (every_ms IS NULL)),
  CHECK ((every_ms IS NULL) = (anchor_at IS NULL)),
  CHECK ((state = 'active') = (next_at IS NOT NULL)),
  CHECK (state = 'paused' OR reason IS NULL)
) STRICT;
-- Asked before a recipe is deleted, and told with each.
CREATE INDEX schedules_of_recipe ON schedules (wish ->> '$.recipe') WHERE wish ->> '$.recipe' IS NOT NULL;

CREATE TABLE schedule_runs (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  schedule_seq INTEGER NOT NULL REFERENCES schedules (seq) ON DELETE CASCADE,
  nominal_at   INTEGER NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('tick', 'catch-up', 'manual')),
  fired_at     INTEGER NOT NULL,
  outcome      TEXT NOT NULL CHECK (outcome IN ('started', 'queued', 'skipped', 'missed', 'refused')),
  reason       TEXT,
  job_seq      INTEGER,                           -- the job may be forgotten before the run
  UNIQUE (schedule_seq, nominal_at),              -- no time runs twice, whatever the clock does
  CHECK ((outcome = 'started') = (job_seq IS NOT NULL)),
  -- Times of the rule are whole seconds and those of runs by hand never are, so that neither takes the other's place.
  CHECK ((kind = 'manual') = (nominal_at % 1000 <> 0))
) STRICT;
CREATE INDEX schedule_runs_in_order ON schedule_runs (schedule_seq, seq);
CREATE INDEX schedule_runs_queued ON schedule_runs (schedule_seq, seq) WHERE outcome = 'queued';
-- Whether the last run has ended is asked at every time; a schedule may have had half a million jobs.
CREATE INDEX jobs_open_of_schedule ON jobs (schedule_seq) WHERE schedule_seq IS NOT NULL AND finished_at IS NULL;
`;
