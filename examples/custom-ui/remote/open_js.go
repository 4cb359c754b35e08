package main

import (
	"database/sql"
	"errors"
)

// openSQLite fails: this SQLite is for a process of its own. Where Go is WebAssembly, as on Cloudflare Workers, give
// newStore the platform's database instead, such as D1.
func openSQLite(string) (*sql.DB, error) {
	return nil, errors.New("no SQLite file under WebAssembly")
}
