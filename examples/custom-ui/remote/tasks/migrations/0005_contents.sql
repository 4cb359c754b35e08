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

-- Move the content of the table files. Drop its triggers first, because nothing changes for the users.
DROP TRIGGER IF EXISTS files_added;
DROP TRIGGER IF EXISTS files_changed;
DROP TRIGGER IF EXISTS files_removed;

INSERT INTO pieces (content, number, data)
SELECT 'moved ' || installation || ' ' || task, 0, data FROM files WHERE size > 0
ON CONFLICT DO NOTHING;

INSERT INTO attachments (installation, task, name, type, size, tag, content)
SELECT installation, task, name, type, size, tag, 'moved ' || installation || ' ' || task FROM files WHERE true
ON CONFLICT DO NOTHING;

DELETE FROM files;

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

CREATE INDEX IF NOT EXISTS attachments_by_content ON attachments (content);

DROP TRIGGER IF EXISTS trash_emptied;

CREATE TRIGGER IF NOT EXISTS trash_emptied AFTER DELETE ON trash
WHEN EXISTS (SELECT 1 FROM tasks WHERE installation = OLD.installation AND id = OLD.task AND deleted = 1)
BEGIN
	DELETE FROM attachments WHERE installation = OLD.installation AND task = OLD.task;
	UPDATE tasks SET name = '' WHERE installation = OLD.installation AND id = OLD.task;
END;

-- The health check writes here. So it detects a full disk before a user's change is lost.
CREATE TABLE IF NOT EXISTS health (
	id INTEGER PRIMARY KEY,
	data BLOB NOT NULL
);
