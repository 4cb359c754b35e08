// Package tasks is the Tasks app's backend as an HTTP handler over database/sql: tasks, their files, live events, and
// tokens for direct requests. It does not depend on a database or server, so that one process with SQLite (the folder above)
// and Cloudflare Workers with D1 (the folder worker) run the same code.
//
//	exchange, err := tasks.NewExchange()
//	…
//	http.ListenAndServe(addr, tasks.New(db).Handler(exchange))
//
// Each installation of the app has its own tasks. The installation comes from the request's verified token.
package tasks

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/forgego/forgego/remote"
)

// Service serves the tasks in a database. It is safe for concurrent use.
type Service struct {
	tasks *store
	hub   *hub
	probe probe
	settings
}

// New returns a service over a SQLite database, or another database that uses the same SQL. The database must be up to
// date: see [Migrate].
func New(db *sql.DB, options ...Option) *Service {
	settings := newSettings(options)
	tasks := newStore(db)
	tasks.maxTasks, tasks.maxBytes = settings.maxTasks, settings.maxBytes
	return &Service{tasks: tasks, hub: newHub(), settings: settings}
}

// Handler returns the handler of the whole remote. The tasks and the exchange of tokens are behind the exchange's
// verifier. The health check needs no token.
func (s *Service) Handler(exchange *remote.Exchange) http.Handler {
	verified := http.NewServeMux()
	verified.Handle("/", newAPI(s.tasks, s.hub, s.settings))
	verified.Handle("/token", exchange)
	root := http.NewServeMux()
	root.Handle("/", exchange.Handler(logged(s.log, verified))) // the exchange logs what it refuses
	root.HandleFunc("GET /healthz", s.health)
	return uncleaned(root)
}

// health answers 200 if the database can be read and written, and otherwise 503. It writes because a full disk can
// still be read.
func (s *Service) health(w http.ResponseWriter, r *http.Request) {
	err := s.probe.check(r.Context(), s.tasks)
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
func (s *Service) Close() { s.hub.close() }

const (
	// DefaultMaxFile is how many bytes a task's file may have: 10 MB.
	DefaultMaxFile = 10 << 20
	// DefaultMaxBytes is how many bytes all files of an installation may have together, those of deleted tasks included: 500 MB.
	DefaultMaxBytes = 500 << 20
	// DefaultMaxTasks is how many tasks an installation may have, without deleted ones.
	DefaultMaxTasks = 2000
)

// Option configures a [Service].
type Option func(*settings)

type settings struct {
	log                *slog.Logger
	maxFile            int64
	maxBytes, maxTasks int64
	polling            bool
}

func newSettings(options []Option) settings {
	s := settings{log: slog.Default(), maxFile: DefaultMaxFile, maxBytes: DefaultMaxBytes, maxTasks: DefaultMaxTasks}
	for _, option := range options {
		option(&s)
	}
	return s
}

// WithLogger sets where requests and failures are logged, without tokens; the default is [slog.Default].
func WithLogger(log *slog.Logger) Option { return func(s *settings) { s.log = log } }

// WithMaxFile sets how many bytes a task's file may have; the default is [DefaultMaxFile].
func WithMaxFile(n int64) Option { return func(s *settings) { s.maxFile = n } }

// WithQuota sets how many tasks an installation may have, and how many bytes all its files together. The defaults are
// [DefaultMaxTasks] and [DefaultMaxBytes].
func WithQuota(tasks, bytes int64) Option {
	return func(s *settings) { s.maxTasks, s.maxBytes = tasks, bytes }
}

// WithPolling makes each event stream look for changes in the database every 2 seconds. Use it for a service of several
// processes. By default a stream reports the changes of its own process at once, and looks for others every 15 seconds.
func WithPolling() Option { return func(s *settings) { s.polling = true } }

const (
	// probeSize is the number of bytes that the health check writes. probeTime is how long its result is used.
	probeSize = 64 << 10
	probeTime = 10 * time.Second
	// After a write failed because the database is full, the health check reports it for fullTime.
	fullTime = time.Minute
)

// probe checks whether the database can be written to. It writes at most once in probeTime, because anybody may request
// the health check.
type probe struct {
	mu   sync.Mutex
	at   time.Time
	err  error
	done bool
}

// check returns nil, errFull, or another error of the database.
func (p *probe) check(ctx context.Context, s *store) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.done || time.Since(p.at) >= probeTime {
		// Later callers use its result too.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTime)
		defer cancel()
		_, p.err = s.exec(ctx, `INSERT INTO health (id, data) VALUES (1, randomblob(?))
			ON CONFLICT (id) DO UPDATE SET data = excluded.data`, probeSize)
		p.at, p.done = time.Now(), true
	}
	if full := s.full.Load(); p.err == nil && full != nil && time.Since(*full) < fullTime {
		return errFull
	}
	return p.err
}
