package tasks

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/forgego/forgego/examples/custom-ui/remote/sqlite"
)

// Two processes run at once, for example if a development server starts the new program before the old one has ended.
func TestStoreIsSharedByTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			db, err := sqlite.Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := Migrate(t.Context(), db); err != nil {
				t.Error(err)
				return
			}
			s := newStore(db)
			for n := range 10 {
				if _, _, err := s.add(t.Context(), "i", fmt.Sprint(i, "-", n), "a"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if tasks, err := openStore(t, path).list(t.Context(), "i"); err != nil || len(tasks) != 40 {
		t.Errorf("%d tasks, %v; want 40", len(tasks), err)
	}
}

// newDatabase returns an empty database.
func newDatabase(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "tasks.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// A database of an older program gets only the migrations that it does not have, and keeps its rows.
func TestMigrateUpdatesAnOlderDatabase(t *testing.T) {
	db := newDatabase(t)
	first := fstest.MapFS{"migrations/0001_a.sql": {Data: []byte(`CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);`)}}
	if err := migrate(t.Context(), db, first); err != nil {
		t.Fatal(err)
	}
	both := fstest.MapFS{
		"migrations/0001_a.sql": {Data: []byte(`DROP TABLE a;`)},
		"migrations/0002_b.sql": {Data: []byte(`ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 2; INSERT INTO a VALUES (3, 4);`)},
	}
	for range 2 { // the second time there is nothing to do
		if err := migrate(t.Context(), db, both); err != nil {
			t.Fatal(err)
		}
	}
	var rows string
	if err := db.QueryRow(`SELECT group_concat(x || ' ' || y, ', ') FROM a`).Scan(&rows); err != nil || rows != "1 2, 3 4" {
		t.Errorf("the table has %q, %v; want the old row and one new row", rows, err)
	}
}

// A failed migration is named, and the next start tries it again.
func TestMigrateNamesTheFailedMigration(t *testing.T) {
	db := newDatabase(t)
	files := fstest.MapFS{"migrations/0001_a.sql": {Data: []byte(`CREATE TABLE a (`)}}
	if err := migrate(t.Context(), db, files); err == nil || !strings.Contains(err.Error(), "0001_a.sql") {
		t.Errorf("error %v; want one that names the migration", err)
	}
	files["migrations/0001_a.sql"].Data = []byte(`CREATE TABLE a (x INTEGER)`)
	if err := migrate(t.Context(), db, files); err != nil {
		t.Errorf("after the migration is corrected: %v", err)
	}
	if _, err := db.Exec(`INSERT INTO a VALUES (1)`); err != nil {
		t.Error(err)
	}
}

// D1 has no transactions for migrations, and two processes may start at once.
func TestMigrationsCanRunTwice(t *testing.T) {
	db := newTestStore(t).db
	if _, err := db.Exec(`DELETE FROM migrations`); err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), db); err != nil {
		t.Error(err)
	}
}

func TestMigrateRefusesADatabase(t *testing.T) {
	newer := newTestStore(t).db
	if _, err := newer.Exec(`INSERT INTO migrations (version) VALUES (1000)`); err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), newer); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("a database of a newer program: error %v; want one that says to run a newer program", err)
	}

	path := filepath.Join(t.TempDir(), "tasks.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Migrate(t.Context(), db); err == nil {
		t.Error("a file that is not a database: no error")
	}
}
