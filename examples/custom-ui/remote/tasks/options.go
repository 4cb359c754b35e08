package tasks

import "log/slog"

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

func newSettings(opts []Option) settings {
	s := settings{log: slog.Default(), maxFile: DefaultMaxFile, maxBytes: DefaultMaxBytes, maxTasks: DefaultMaxTasks}
	for _, opt := range opts {
		opt(&s)
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

// WithPolling makes each event stream query the database for changes every 2 seconds. Then its events report only that
// something has changed. Use it for a service of several processes. By default a stream gets the changes of its own
// process, and sends each one.
func WithPolling() Option { return func(s *settings) { s.polling = true } }
