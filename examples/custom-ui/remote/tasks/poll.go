package tasks

import (
	"net/http"
	"strconv"
	"time"
)

const (
	// pollTime is the time between two queries of a stream, and so the longest delay of an event.
	pollTime = 2 * time.Second
	// maxPolls is the number of queries after which a stream ends. Cloudflare's free plan allows 50 queries per
	// request. The limit also ends the streams of readers that have left without notice.
	maxPolls = 40
)

// polledEvents is events for a service of several processes, which cannot send their changes to each other. Its ids are
// the versions in the database, so they are the same in all processes. There may be several changes between two
// versions, and it does not know them. So it sends only resets, and a reader then loads the list.
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
	defer stream.allowWrite() // for the end of the stream

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
			// The reader reconnects with the last id, and misses nothing.
			a.log.Error("polling failed", "error", err)
			return
		case now != version:
			version = now
			stream.reset(version)
		default:
			stream.printf(":\n\n") // detects readers that have left
		}
		stream.flush()
	}
}
