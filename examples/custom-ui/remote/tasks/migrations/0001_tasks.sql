CREATE TABLE IF NOT EXISTS tasks (
	seq INTEGER PRIMARY KEY,
	installation TEXT NOT NULL,
	id TEXT NOT NULL,
	idempotency_key TEXT NOT NULL,
	name TEXT NOT NULL,
	done INTEGER NOT NULL DEFAULT 0,
	deleted INTEGER NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX IF NOT EXISTS tasks_by_id ON tasks (installation, id);

CREATE UNIQUE INDEX IF NOT EXISTS tasks_by_key ON tasks (installation, idempotency_key);
