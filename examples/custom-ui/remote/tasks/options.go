package tasks

import "log/slog"

// DefaultMaxFile is how many bytes a task's file may have: 10 MB.
const DefaultMaxFile = 10 << 20

// Option changes a [Service].
type Option func(*settings)

type settings struct {
	log     *slog.Logger
	maxFile int64
	polling bool
}

func newSettings(opts []Option) settings {
	s := settings{log: slog.Default(), maxFile: DefaultMaxFile}
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// WithLogger sets where requests and failures are logged, without tokens; the default is [slog.Default].
func WithLogger(log *slog.Logger) Option { return func(s *settings) { s.log = log } }

// WithMaxFile sets how many bytes a task's file may have, for a database that takes less than [DefaultMaxFile] in a row.
func WithMaxFile(n int64) Option { return func(s *settings) { s.maxFile = n } }

// WithPolling has each event stream ask the database every 2 seconds whether anything has changed, and tell only that it
// has. The default hears of each change from the requests of its own process and tells what it was; it is for a service
// that is one process, polling for one that is several.
func WithPolling() Option { return func(s *settings) { s.polling = true } }
