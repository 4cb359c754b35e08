-- The trash knows since when a task is deleted. As long as it is in there, the task has its name and its file, and can be
-- brought back; what leaves the trash without that is gone for good.
CREATE TABLE IF NOT EXISTS trash (
	installation TEXT NOT NULL,
	task TEXT NOT NULL,
	deleted_at INTEGER NOT NULL,
	PRIMARY KEY (installation, task)
);

CREATE INDEX IF NOT EXISTS trash_by_time ON trash (deleted_at);

DROP TRIGGER IF EXISTS files_go_with_tasks;

CREATE TRIGGER IF NOT EXISTS tasks_into_trash AFTER UPDATE OF deleted ON tasks WHEN NEW.deleted = 1
BEGIN
	INSERT INTO trash (installation, task, deleted_at) VALUES (NEW.installation, NEW.id, unixepoch())
	ON CONFLICT (installation, task) DO UPDATE SET deleted_at = excluded.deleted_at;
END;

CREATE TRIGGER IF NOT EXISTS tasks_out_of_trash AFTER UPDATE OF deleted ON tasks WHEN NEW.deleted = 0
BEGIN
	DELETE FROM trash WHERE installation = NEW.installation AND task = NEW.id;
END;

-- What is brought back has left the state "deleted" before it leaves the trash.
CREATE TRIGGER IF NOT EXISTS trash_emptied AFTER DELETE ON trash
WHEN EXISTS (SELECT 1 FROM tasks WHERE installation = OLD.installation AND id = OLD.task AND deleted = 1)
BEGIN
	DELETE FROM files WHERE installation = OLD.installation AND task = OLD.task;
	UPDATE tasks SET name = '' WHERE installation = OLD.installation AND id = OLD.task;
END;

-- A task that was renamed is still the one that its idempotency key has made under another name.
CREATE TABLE IF NOT EXISTS renamed (
	installation TEXT NOT NULL,
	task TEXT NOT NULL,
	PRIMARY KEY (installation, task)
);

CREATE TRIGGER IF NOT EXISTS tasks_renamed AFTER UPDATE OF name ON tasks WHEN NEW.name <> OLD.name AND NEW.deleted = 0
BEGIN
	INSERT INTO renamed (installation, task) VALUES (NEW.installation, NEW.id) ON CONFLICT DO NOTHING;
END;
