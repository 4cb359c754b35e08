package sqlite

import (
	"database/sql"
	"errors"
)

// Open fails: a SQLite file is for a process of its own. Where Go is WebAssembly, as on Cloudflare Workers, give tasks.New
// the platform's database instead, such as D1.
func Open(string) (*sql.DB, error) { return nil, errors.New("no SQLite file under WebAssembly") }
