-- The tasks of all installations, in the order of seq.
CREATE TABLE IF NOT EXISTS tasks (
	seq INTEGER PRIMARY KEY,
	installation TEXT NOT NULL,
	id TEXT NOT NULL,
	idempotency_key TEXT NOT NULL,
	name TEXT NOT NULL,
	done INTEGER NOT NULL DEFAULT 0,
	-- Whether the task had another name before. The request that added it, sent again, has that name.
	renamed INTEGER NOT NULL DEFAULT 0,
	-- When the task was deleted, in seconds since 1970. It is NULL for a task that is not deleted. A deleted task can be
	-- restored as long as its row exists.
	deleted_at INTEGER
);

CREATE UNIQUE INDEX IF NOT EXISTS tasks_by_id ON tasks (installation, id);

CREATE UNIQUE INDEX IF NOT EXISTS tasks_by_key ON tasks (installation, idempotency_key);

-- With this index, neither a list nor a new task reads the deleted tasks.
CREATE INDEX IF NOT EXISTS tasks_present ON tasks (installation, seq) WHERE deleted_at IS NULL;

CREATE INDEX IF NOT EXISTS tasks_deleted ON tasks (installation, deleted_at, seq) WHERE deleted_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS tasks_by_deletion ON tasks (deleted_at) WHERE deleted_at IS NOT NULL;

-- The files of tasks. Their bytes are in the table pieces.
CREATE TABLE IF NOT EXISTS attachments (
	installation TEXT NOT NULL,
	task TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size INTEGER NOT NULL,
	tag TEXT NOT NULL,
	content TEXT NOT NULL,
	PRIMARY KEY (installation, task)
);

CREATE INDEX IF NOT EXISTS attachments_by_content ON attachments (content);

-- A file's content is stored in pieces, so that neither an upload nor a download holds a whole file in memory.
CREATE TABLE IF NOT EXISTS pieces (
	content TEXT NOT NULL,
	number INTEGER NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (content, number)
);

-- Contents whose upload has not ended. They have pieces, but no file yet.
CREATE TABLE IF NOT EXISTS uploads (
	content TEXT PRIMARY KEY,
	started_at INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS uploads_by_time ON uploads (started_at);

-- A version is a number that grows with each change of an installation's tasks, in the transaction of the change. It begins
-- at the time, in milliseconds, so that a new database does not repeat the versions of a deleted one.
CREATE TABLE IF NOT EXISTS versions (
	installation TEXT PRIMARY KEY,
	version INTEGER NOT NULL
);

-- The health check writes here. So it detects a full disk before a user's change is lost.
CREATE TABLE IF NOT EXISTS health (
	id INTEGER PRIMARY KEY,
	data BLOB NOT NULL
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

-- A task's row is removed some time after the task was deleted, and its file with it.
CREATE TRIGGER IF NOT EXISTS tasks_removed AFTER DELETE ON tasks
BEGIN
	DELETE FROM attachments WHERE installation = OLD.installation AND task = OLD.id;
END;

CREATE TRIGGER IF NOT EXISTS attachments_added AFTER INSERT ON attachments
BEGIN
	DELETE FROM uploads WHERE content = NEW.content;
	INSERT INTO versions (installation, version) VALUES (NEW.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS attachments_changed AFTER UPDATE ON attachments
BEGIN
	DELETE FROM uploads WHERE content = NEW.content;
	DELETE FROM pieces WHERE content = OLD.content AND OLD.content <> NEW.content;
	INSERT INTO versions (installation, version) VALUES (NEW.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS attachments_removed AFTER DELETE ON attachments
BEGIN
	DELETE FROM pieces WHERE content = OLD.content;
	INSERT INTO versions (installation, version) VALUES (OLD.installation, unixepoch() * 1000)
	ON CONFLICT (installation) DO UPDATE SET version = version + 1;
END;

-- An upload that ends without a file loses its pieces.
CREATE TRIGGER IF NOT EXISTS uploads_ended AFTER DELETE ON uploads
WHEN NOT EXISTS (SELECT 1 FROM attachments WHERE content = OLD.content)
BEGIN
	DELETE FROM pieces WHERE content = OLD.content;
END;
