package sqlite

import (
	"database/sql"
	"errors"
)

// Open returns an error: SQLite files do not work in WebAssembly. On Cloudflare Workers pass the platform's database, D1, to
// tasks.New.
func Open(string) (*sql.DB, error) { return nil, errors.New("no SQLite file under WebAssembly") }
