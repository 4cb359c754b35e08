package tasks

import (
	"database/sql"
	"net/http"

	"github.com/forgego/forgego/remote"
)

// Service serves the tasks in a database. It is safe for concurrent use.
type Service struct {
	tasks *live
	settings
}

// New returns a service over a SQLite database, or one that speaks its SQL, that is up to date: see [Migrate].
func New(db *sql.DB, opts ...Option) *Service {
	return &Service{newLive(newStore(db)), newSettings(opts)}
}

// Handler returns the whole remote: behind the exchange's verifier the tasks and the exchange of tokens, and the health
// check beside it.
func (s *Service) Handler(exchange *remote.Exchange) http.Handler {
	verified := http.NewServeMux()
	verified.Handle("/", newAPI(s.tasks, s.settings))
	verified.Handle("/token", exchange)
	root := http.NewServeMux()
	root.Handle("/", exchange.Handler(noted(verified)))
	root.HandleFunc("GET /healthz", s.health)
	return logged(s.log, uncleaned(root))
}

func (s *Service) health(w http.ResponseWriter, r *http.Request) {
	// Not a ping, to which D1's driver always says yes; and a database that was not brought up to date is found too.
	var any bool
	err := s.tasks.db.QueryRowContext(r.Context(), `SELECT EXISTS (SELECT 1 FROM versions)`).Scan(&any)
	if err != nil {
		s.log.Error("health check failed", "error", err)
		writeError(w, http.StatusServiceUnavailable, "The database does not answer.")
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// Close ends all event streams and lets none begin; without it they would keep a server from shutting down.
func (s *Service) Close() { s.tasks.brokers.close() }
