-- Of a deleted task the id and the key stay for good. Without this index each new task, and each list, would look at all of
-- them.
CREATE INDEX IF NOT EXISTS tasks_present ON tasks (installation, seq) WHERE deleted = 0;
