package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// report is the result of a run.
type report struct {
	took, down     time.Duration
	clients        int
	requests       int
	p50, p99, p999 time.Duration
	retries        int
	errors         []error
	added, removed int
	left           int // tasks at the end
	lost, doubled  int
}

func newReport(clients []*client, took, down time.Duration) report {
	r := report{took: took, down: down, clients: len(clients)}
	var all []time.Duration
	for _, c := range clients {
		all = append(all, c.took...)
		r.retries += c.retries
		r.errors = append(r.errors, c.errors...)
		r.added += c.added
		r.removed += c.removed
		r.lost += c.missing
	}
	slices.Sort(all)
	r.requests = len(all)
	r.p50, r.p99, r.p999 = quantile(all, 0.5), quantile(all, 0.99), quantile(all, 0.999)
	return r
}

// quantile returns the smallest of the sorted times such that at least the share q of the times is not larger.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// good reports whether no task was lost or doubled and no request failed.
func (r report) good() bool { return len(r.errors) == 0 && r.lost == 0 && r.doubled == 0 }

func (r report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d clients for %.1f s; restarted once, without a backend for %d ms\n", r.clients, r.took.Seconds(), r.down.Milliseconds())
	fmt.Fprintf(&b, "requests  %d, %.0f a second\n", r.requests, float64(r.requests)/r.took.Seconds())
	fmt.Fprintf(&b, "latency   p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, with retries\n", ms(r.p50), ms(r.p99), ms(r.p999))
	fmt.Fprintf(&b, "retries   %d\n", r.retries)
	fmt.Fprintf(&b, "errors    %d\n", len(r.errors))
	for _, err := range r.errors[:min(len(r.errors), 10)] {
		fmt.Fprintf(&b, "          %v\n", err)
	}
	fmt.Fprintf(&b, "tasks     %d added, %d deleted, %d left; %d lost, %d doubled\n", r.added, r.removed, r.left, r.lost, r.doubled)
	return b.String()
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// compare compares the tasks that the clients know with the tasks of the backend. A lost task is missing or differs from
// its last known state. A doubled task is one that no client knows, for example the second task of one request.
func compare(want map[string]task, found []task) (lost, doubled int) {
	there := make(map[string]task, len(found))
	for _, t := range found {
		if _, again := there[t.ID]; again {
			doubled++
			continue
		}
		there[t.ID] = t
		if _, known := want[t.ID]; !known {
			doubled++
		}
	}
	for id, t := range want {
		if there[id] != t {
			lost++
		}
	}
	return lost, doubled
}
