package tasks

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"
)

// migrations update an older database, in the order of their names. A migration that was released never changes. Each
// statement must be able to run twice: D1 has no transactions for them, and two processes may start at once.
//
//go:embed migrations/*.sql
var migrations embed.FS

const (
	// migrateTime limits how long Migrate waits for other processes, and migratePause is the time between its tries.
	migrateTime, migratePause = 10 * time.Second, 50 * time.Millisecond
)

// Migrate updates a SQLite database: it makes missing tables, and runs the migrations that the database does not have
// yet. Several processes can call it at once. The error says which migration failed, or that the database belongs to a
// newer program.
//
// On D1, wrangler runs the same files when the Worker is deployed; see the folder worker.
func Migrate(ctx context.Context, db *sql.DB) error {
	// SQLite does not always wait for another process that begins to use a new database, so this does.
	ctx, cancel := context.WithTimeout(ctx, migrateTime)
	defer cancel()
	for {
		err := migrate(ctx, db, migrations)
		if err == nil || !hasCode(err, sqliteBusy) {
			return err
		}
		select {
		case <-time.After(migratePause):
		case <-ctx.Done():
			return err
		}
	}
}

// migrate runs the files' migrations that the database does not have yet. The first one makes version 1.
func migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)`); err != nil {
		return err
	}
	var version int
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM migrations`).Scan(&version); err != nil {
		return err
	}
	if version > len(names) {
		return fmt.Errorf("the database has version %d and this program knows only %d; run a newer program", version, len(names))
	}
	for ; version < len(names); version++ {
		statements, err := fs.ReadFile(files, names[version])
		if err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, string(statements)); err != nil {
			return fmt.Errorf("%s: %w", names[version], err)
		}
		if _, err := db.ExecContext(ctx, `INSERT INTO migrations (version) VALUES (?) ON CONFLICT DO NOTHING`, version+1); err != nil {
			return fmt.Errorf("%s: %w", names[version], err)
		}
	}
	return nil
}
