package tasks

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/forgego/forgego/remote"
)

// Service serves the tasks in a database. It is safe for concurrent use.
type Service struct {
	tasks *live
	probe probe
	settings
}

// New returns a service over a SQLite database, or another database that uses the same SQL. The database must be up to
// date: see [Migrate].
func New(db *sql.DB, opts ...Option) *Service {
	settings := newSettings(opts)
	tasks := newStore(db)
	tasks.maxTasks, tasks.maxBytes = settings.maxTasks, settings.maxBytes
	return &Service{tasks: newLive(tasks), settings: settings}
}

// Handler returns the handler of the whole remote. The tasks and the exchange of tokens are behind the exchange's
// verifier. The health check needs no token.
func (s *Service) Handler(exchange *remote.Exchange) http.Handler {
	verified := http.NewServeMux()
	verified.Handle("/", newAPI(s.tasks, s.settings))
	verified.Handle("/token", exchange)
	root := http.NewServeMux()
	root.Handle("/", exchange.Handler(noted(verified)))
	root.HandleFunc("GET /healthz", s.health)
	return logged(s.log, uncleaned(root))
}

// health answers 200 if the database can be read and written, and otherwise 503. It writes because a full disk can
// still be read.
func (s *Service) health(w http.ResponseWriter, r *http.Request) {
	err := s.probe.check(r.Context(), s.tasks.store)
	switch {
	case errors.Is(err, errFull):
		s.log.Error("health check failed", "error", err)
		writeError(w, http.StatusServiceUnavailable, "The database is full: there is no room for changes.")
	case err != nil:
		s.log.Error("health check failed", "error", err)
		writeError(w, http.StatusServiceUnavailable, "The database does not answer.")
	default:
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	}
}

// Close ends all event streams and refuses new ones. Otherwise the streams would prevent a server's shutdown.
func (s *Service) Close() { s.tasks.brokers.close() }
