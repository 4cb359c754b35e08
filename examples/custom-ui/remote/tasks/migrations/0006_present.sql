-- The id and the key of a deleted task stay forever. Without this index, each new task and each list would read all of
-- them.
CREATE INDEX IF NOT EXISTS tasks_present ON tasks (installation, seq) WHERE deleted = 0;
