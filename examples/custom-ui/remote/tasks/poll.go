package tasks

import (
	"net/http"
	"strconv"
	"time"
)

const (
	// pollTime is how long a stream waits before it asks the database again, and so how late it may tell of a change.
	pollTime = 2 * time.Second
	// maxPolls is how often it asks before it ends. Cloudflare gives a Worker's request 50 queries on its free plan, and a
	// reader that has gone without a word is paid for no longer than that.
	maxPolls = 40
)

// polledEvents is events for a service of several processes, which cannot tell each other what they have changed. Its ids
// are the versions in the database, and so the same in all processes. Between two versions there may have been several
// changes, of which it knows the sum at most: so it tells no change, only resets, upon which a reader loads the list.
func (a *api) polledEvents(w http.ResponseWriter, r *http.Request) {
	whose := installation(r)
	version, err := a.tasks.version(r.Context(), whose)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	stream := openStream(w)
	if r.Method == http.MethodHead {
		return
	}
	stream.printf("id: %d\n\n", version)
	if ids := r.Header.Values("Last-Event-ID"); len(ids) > 0 && (len(ids) > 1 || ids[0] != strconv.FormatInt(version, 10)) {
		stream.reset(version)
	}
	stream.flush()
	defer stream.allowWrite() // of the stream's end

	ticker := time.NewTicker(pollTime)
	defer ticker.Stop()
	for polls := 0; polls < maxPolls && stream.err == nil; polls++ {
		select {
		case <-ticker.C:
		case <-a.tasks.brokers.stopping:
			return
		case <-r.Context().Done():
			return
		}
		now, err := a.tasks.version(r.Context(), whose)
		switch {
		case err != nil:
			// The reader comes back with the last id, and misses nothing.
			a.log.Error("polling failed", "error", err)
			return
		case now != version:
			version = now
			stream.reset(version)
		default:
			stream.printf(":\n\n") // finds readers that are gone
		}
		stream.flush()
	}
}
