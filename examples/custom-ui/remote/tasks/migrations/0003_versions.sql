-- A version is a number that grows with each change of an installation's tasks, in the transaction of the change. It begins
-- at the time, in milliseconds, so that one of a database that was deleted does not look like one of its successor.
CREATE TABLE IF NOT EXISTS versions (
	installation TEXT PRIMARY KEY,
	version INTEGER NOT NULL
);

CREATE TRIGGER IF NOT EXISTS tasks_added AFTER INSERT ON tasks
BEGIN
	INSERT INTO versions (installation, version) VALUES (NEW.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS tasks_changed AFTER UPDATE ON tasks
BEGIN
	INSERT INTO versions (installation, version) VALUES (NEW.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS files_added AFTER INSERT ON files
BEGIN
	INSERT INTO versions (installation, version) VALUES (NEW.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS files_changed AFTER UPDATE ON files
BEGIN
	INSERT INTO versions (installation, version) VALUES (NEW.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS files_removed AFTER DELETE ON files
BEGIN
	INSERT INTO versions (installation, version) VALUES (OLD.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;
