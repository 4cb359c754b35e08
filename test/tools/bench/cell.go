package main

import (
	"fmt"
	"strings"

	"github.com/forgego/forgego/test/tools/bench/spec"
)

// cell is one comparison of calls.
type cell struct {
	Op     string `json:"op"`
	Size   int    `json:"size"`
	AtOnce int    `json:"atOnce"`
	Read   string `json:"read"`
	// Posted reports whether the host is behind postMessage.
	Posted bool `json:"posted,omitempty"`
}

// Name returns the name that the flag -cells matches, such as requestRemote/100B/50/text.
func (c cell) Name() string {
	name := fmt.Sprintf("%s/%s/%d/%s", c.Op, sizeName(c.Size), c.AtOnce, c.Read)
	if c.Posted {
		name += "/posted"
	}
	return name
}

func sizeName(size int) string {
	switch {
	case size >= 1_000_000:
		return fmt.Sprintf("%dMB", size/1_000_000)
	case size >= 1000:
		return fmt.Sprintf("%dKB", size/1000)
	}
	return fmt.Sprintf("%dB", size)
}

// isGoal reports whether goals are about the cell.
func (c cell) isGoal() bool { return c.Read != spec.Value && !c.Posted }

// clients returns the clients of the cell: our client, the client it is compared with, and the lower bounds, which are
// callBridge itself and our own host's Call. A cell with values has only the first two. So has a cell behind postMessage,
// where the lower bounds do not matter. invokeRemote has one more: the official client for a caller who has the body as
// text, as Go code has, and must parse it first.
func (c cell) clients() []string {
	clients := []string{"official", "ours"}
	if !c.Posted {
		clients = append(clients, "floor")
	}
	if !c.isGoal() {
		return clients
	}
	if clients = append(clients, "bare"); c.Op == spec.InvokeRemote {
		clients = append(clients, "parsing")
	}
	return clients
}

// isHuge reports whether one batch moves more than 100 MB each way.
func (c cell) isHuge() bool { return c.Size*c.AtOnce > 100_000_000 }

func callCells() []cell {
	var cells []cell
	for _, op := range []string{spec.RequestRemote, spec.InvokeRemote} {
		for _, size := range []int{100, 10_000, 500_000} {
			for _, atOnce := range []int{1, 50, 500} {
				for _, read := range []string{spec.Text, spec.Bytes} {
					cells = append(cells, cell{Op: op, Size: size, AtOnce: atOnce, Read: read})
				}
			}
		}
	}
	for _, op := range []string{spec.RequestRemote, spec.InvokeRemote} {
		for _, size := range []int{100, 10_000, 500_000} {
			cells = append(cells, cell{Op: op, Size: size, AtOnce: 1, Read: spec.Value})
			for _, atOnce := range []int{1, 50} {
				cells = append(cells, cell{op, size, atOnce, spec.Text, true})
			}
		}
	}
	return cells
}

// jsonText returns a JSON object of exactly size bytes: a list of tasks and a note that fills it up. The size must be at
// least 80.
func jsonText(size int) string {
	var b strings.Builder
	b.WriteString(`{"items":[{"id":1,"title":"Write the report","done":false}`)
	const end = `],"note":""}`
	for id := 2; ; id++ {
		item := fmt.Sprintf(`,{"id":%d,"title":"Ask the team about task %d","done":%t}`, id, id, id%3 == 0)
		if b.Len()+len(item)+len(end) > size {
			break
		}
		b.WriteString(item)
	}
	fill := max(size-b.Len()-len(end), 0)
	b.WriteString(end[:len(end)-2] + strings.Repeat("x", fill) + end[len(end)-2:])
	return b.String()
}
