-- The content is last, so that a row is read up to it without reading it.
CREATE TABLE IF NOT EXISTS files (
	installation TEXT NOT NULL,
	task TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size INTEGER NOT NULL,
	tag TEXT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (installation, task)
);

CREATE TRIGGER IF NOT EXISTS files_go_with_tasks AFTER UPDATE OF deleted ON tasks WHEN NEW.deleted = 1
BEGIN
	DELETE FROM files WHERE installation = NEW.installation AND task = NEW.id;
END;
