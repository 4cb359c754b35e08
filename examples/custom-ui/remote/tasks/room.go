package tasks

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

var (
	// errFull means that the database has no room left: the disk is full, or D1's limit is reached.
	errFull = errors.New("the database is full")
	// errOverQuota means that this installation has used its share.
	errOverQuota = errors.New("the installation's quota is used up")
	// errBusy means that too many uploads are under way.
	errBusy = errors.New("too many uploads at once")
)

const (
	// maxUploads limits the files that the process receives at once, and maxUploadsEach those of one installation.
	maxUploads, maxUploadsEach = 16, 4
	// uploadWait is how long an upload waits for its turn.
	uploadWait = 10 * time.Second

	// probeSize is the number of bytes that the health check writes. probeTime is how long its result is used.
	probeSize = 64 << 10
	probeTime = 10 * time.Second
	// After a write failed because the database is full, the health check reports it for fullTime.
	fullTime = time.Minute
)

// isFull reports whether a driver's error means that there is no room: SQLITE_FULL (https://www.sqlite.org/rescode.html#full),
// or D1's error (https://developers.cloudflare.com/d1/observability/debug-d1/).
func isFull(err error) bool {
	return hasCode(err, sqliteFull) || strings.Contains(err.Error(), "Exceeded maximum DB size")
}

// SQLite's result codes: https://www.sqlite.org/rescode.html
const (
	sqliteBusy = 5
	sqliteFull = 13
)

// hasCode reports whether err is of SQLite's driver and has this primary result code.
func hasCode(err error, code int) bool {
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == code
}

// uploads limits how many files are received at once.
type uploads struct {
	mu    sync.Mutex
	all   int
	each  map[string]int
	ended chan struct{} // closed, and made again, when an upload ends
}

func newUploads() *uploads { return &uploads{each: make(map[string]int), ended: make(chan struct{})} }

// begin waits until the installation may upload a file. The caller must call end afterwards. The error is errBusy after
// uploadWait, or the context's.
func (u *uploads) begin(ctx context.Context, installation string) (end func(), err error) {
	timeout := time.NewTimer(uploadWait)
	defer timeout.Stop()
	for {
		u.mu.Lock()
		if u.all < maxUploads && u.each[installation] < maxUploadsEach {
			u.all++
			u.each[installation]++
			u.mu.Unlock()
			return func() { u.end(installation) }, nil
		}
		ended := u.ended
		u.mu.Unlock()
		select {
		case <-ended:
		case <-timeout.C:
			return nil, errBusy
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (u *uploads) end(installation string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all--
	if u.each[installation]--; u.each[installation] == 0 {
		delete(u.each, installation)
	}
	close(u.ended)
	u.ended = make(chan struct{})
}

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
