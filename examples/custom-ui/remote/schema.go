package main

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations bring an older database up to date, in order; one that was released is never changed again. Each statement
// can run twice, for not every database has transactions for them (D1 has none), and two processes may start at once.
var migrations = [][]string{
	{
		`CREATE TABLE IF NOT EXISTS tasks (
			seq INTEGER PRIMARY KEY,
			installation TEXT NOT NULL,
			id TEXT NOT NULL,
			idempotency_key TEXT NOT NULL,
			name TEXT NOT NULL,
			done INTEGER NOT NULL DEFAULT 0,
			deleted INTEGER NOT NULL DEFAULT 0
		)`,
		`CREATE UNIQUE INDEX IF NOT EXISTS tasks_by_id ON tasks (installation, id)`,
		`CREATE UNIQUE INDEX IF NOT EXISTS tasks_by_key ON tasks (installation, idempotency_key)`,
	},
	{
		// The content is last, so that a row is read up to it without reading it.
		`CREATE TABLE IF NOT EXISTS files (
			installation TEXT NOT NULL,
			task TEXT NOT NULL,
			name TEXT NOT NULL,
			type TEXT NOT NULL,
			size INTEGER NOT NULL,
			tag TEXT NOT NULL,
			data BLOB NOT NULL,
			PRIMARY KEY (installation, task)
		)`,
		`CREATE TRIGGER IF NOT EXISTS files_go_with_tasks AFTER UPDATE OF deleted ON tasks WHEN NEW.deleted = 1
		BEGIN
			DELETE FROM files WHERE installation = NEW.installation AND task = NEW.id;
		END`,
	},
}

// migrate brings the database up to date.
func migrate(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)`); err != nil {
		return err
	}
	var version int
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM migrations`).Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("the database has version %d and this program knows only %d; run a newer program", version, len(migrations))
	}
	for ; version < len(migrations); version++ {
		for _, statement := range migrations[version] {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("migration %d: %w", version+1, err)
			}
		}
		if _, err := db.ExecContext(ctx, `INSERT INTO migrations (version) VALUES (?) ON CONFLICT DO NOTHING`, version+1); err != nil {
			return fmt.Errorf("migration %d: %w", version+1, err)
		}
	}
	return nil
}
