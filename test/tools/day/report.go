//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// memory is what the parts use, in bytes.
type memory struct{ host, backend, page int64 }

// measure returns the memory of the host and the backend, and the JavaScript heap of the page, which holds the memory of the
// app's program too, after its garbage is collected.
func (d *day) measure() (m memory) {
	m.host = memoryOf(d.host.cmd.Process.Pid)
	for _, pid := range d.backends() {
		m.backend += memoryOf(pid)
	}
	m.page = d.app.Page.HeapSize()
	return m
}

// report compares the backend's tasks with what was added, and prints the day. It returns an error if something is wrong.
func (d *day) report() error {
	var state struct {
		Made, Failed int
		Added        []string
		Errors       map[string]int
	}
	d.app.Eval(`({ Made: day.made, Failed: day.failed, Added: day.added, Errors: day.errors })`, &state)
	var list struct{ Tasks []struct{ Name string } }
	text := d.app.String(`__bridge.callBridge("fetchRemote", { remoteKey: "tasks-api", fetchRequestInit: { path: "/tasks", method: "GET", headers: [], body: null } }).then((a) => a.body)`)
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return fmt.Errorf("the list of tasks: %w", err)
	}
	times := map[string]int{}
	for _, task := range list.Tasks {
		times[task.Name]++
	}
	want := map[string]bool{}
	for _, name := range slices.Concat(state.Added, d.added) {
		want[name] = !slices.Contains(d.deleted, name)
	}
	var lost, doubled, extra []string
	for name, present := range want {
		if present && times[name] == 0 {
			lost = append(lost, name)
		}
	}
	for name, n := range times {
		if n > 1 {
			doubled = append(doubled, name)
		}
		if !want[name] {
			extra = append(extra, name)
		}
	}
	fmt.Printf("tasks:   %d, lost %d, doubled %d, not expected %d\n", len(list.Tasks), len(lost), len(doubled), len(extra))
	fmt.Printf("calls:   %d, failed %d, each sent again until it succeeded\n", state.Made, state.Failed)
	for _, text := range slices.Sorted(maps.Keys(state.Errors)) {
		fmt.Printf("         %4d × %s\n", state.Errors[text], strings.ReplaceAll(text, "\n", " "))
	}
	var problems []error
	for _, r := range d.recoveries {
		fmt.Printf("after %-24s %5.1f s until all ways work\n", r.what+":", r.took.Seconds())
		if r.took > maxRecovery {
			problems = append(problems, fmt.Errorf("after %s the recovery took %v", r.what, r.took))
		}
	}
	const mb = 1e6
	fmt.Printf("memory:  host %.0f → %.0f MB, backend %.0f → %.0f MB, page %.1f → %.1f MB\n",
		float64(d.before.host)/mb, float64(d.after.host)/mb, float64(d.before.backend)/mb, float64(d.after.backend)/mb,
		float64(d.before.page)/mb, float64(d.after.page)/mb)
	if n := len(lost) + len(doubled) + len(extra); n > 0 {
		problems = append(problems, fmt.Errorf("lost: %q, doubled: %q, not expected: %q", lost, doubled, extra))
	}
	return errors.Join(problems...)
}
