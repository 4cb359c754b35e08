package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/forgego/forgego/test/tools/bench/spec"
)

// cell is one comparison of calls.
type cell struct {
	Op     string `json:"op"`
	Size   int    `json:"size"`
	AtOnce int    `json:"atOnce"`
	Read   string `json:"read"`
	// Shape is that of the value: spec.Flat if it is empty.
	Shape string `json:"shape,omitempty"`
	// Posted reports whether the host is behind postMessage.
	Posted bool `json:"posted,omitempty"`
}

// Name returns the name that the flag -cells matches, such as requestRemote/100B/50/text.
func (c cell) Name() string {
	name := fmt.Sprintf("%s/%s/%d/%s", c.Op, sizeName(c.Size), c.AtOnce, c.Read)
	if c.Shape != "" {
		name += "/" + c.Shape
	}
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

// clients returns the clients of the cell: our client, the client it is compared with, and the lower bounds. These are
// callBridge itself, our own host's Call, and one copy of each body between the page and the memory of a program. A cell with
// values or behind postMessage does without callBridge itself. invokeRemote has one client more: the official one for a caller
// who has the body as text, as Go code has, and must parse it first.
func (c cell) clients() []string {
	clients := []string{"official", "ours"}
	if c.Read == spec.Value || c.Posted {
		return append(clients, "bare", "copy")
	}
	if clients = append(clients, "floor", "bare"); c.Op == spec.InvokeRemote {
		clients = append(clients, "parsing")
	}
	return clients
}

// clientsElsewhere is clients in another browser than Chromium.
func (c cell) clientsElsewhere() []string {
	clients := []string{"official", "ours", "copy"}
	if c.Read == spec.Value || c.Posted {
		clients = append(clients, "bare")
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
			for _, atOnce := range []int{1, 50} {
				cells = append(cells, cell{Op: op, Size: size, AtOnce: atOnce, Read: spec.Text, Posted: true})
				if op == spec.RequestRemote {
					cells = append(cells, cell{Op: op, Size: size, AtOnce: atOnce, Read: spec.Bytes, Posted: true})
				}
			}
		}
	}
	return cells
}

// callCellsElsewhere returns the cells of calls for Firefox and WebKit. It leaves out 500 calls at once, and
// bytes by invokeRemote, so that a run stays short.
func callCellsElsewhere() []cell {
	return slices.DeleteFunc(callCells(), func(c cell) bool { return c.AtOnce == 500 || c.Op == spec.InvokeRemote && c.Read == spec.Bytes })
}

// valueCells returns the cells with values. In the same page, the official invokeRemote only passes a reference, so there
// it is compared in three cells only.
func valueCells() []cell {
	var cells []cell
	for _, size := range []int{100, 10_000, 500_000} {
		for _, atOnce := range []int{1, 50} {
			for _, posted := range []bool{false, true} {
				cells = append(cells, cell{Op: spec.RequestRemote, Size: size, AtOnce: atOnce, Read: spec.Value, Posted: posted})
				if posted || atOnce == 1 {
					cells = append(cells, cell{Op: spec.InvokeRemote, Size: size, AtOnce: atOnce, Read: spec.Value, Posted: posted})
				}
			}
		}
	}
	for _, shape := range []string{spec.Nested, spec.Foreign} {
		for _, size := range []int{10_000, 500_000} {
			for _, posted := range []bool{false, true} {
				cells = append(cells, cell{spec.RequestRemote, size, 1, spec.Value, shape, posted})
			}
			cells = append(cells, cell{spec.InvokeRemote, size, 1, spec.Value, shape, true})
		}
	}
	slices.SortStableFunc(cells, func(a, b cell) int {
		return cmp.Or(-strings.Compare(a.Op, b.Op), compareBool(a.Posted, b.Posted), cmp.Compare(a.Size, b.Size))
	})
	return cells
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// body returns the body of the cell's calls.
func (c cell) body() spec.Body {
	switch c.Shape {
	case spec.Nested:
		return spec.Body{Shape: spec.Nested, Text: nestedText(c.Size)}
	case spec.Foreign:
		return spec.Body{Shape: spec.Foreign, Text: foreignText(c.Size)}
	}
	return spec.Body{Shape: spec.Flat, Text: jsonText(c.Size)}
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

// nestedText returns the JSON of a [spec.Board] of at least size bytes.
func nestedText(size int) string {
	var board spec.Board
	for length := 0; length < size; {
		id := len(board.Items) + 1
		card := spec.Card{
			ID: id, Title: fmt.Sprintf("Ask the team about card %d", id), Labels: []string{"backend", "urgent"},
			Author:   spec.Person{Name: "Grace Hopper", Email: "grace@example.com"},
			Estimate: float64(id%40) / 4,
			Comments: []spec.Comment{
				{By: spec.Person{Name: "Ada Lovelace", Email: "ada@example.com"}, Text: "I have \"tested\" it.", Sent: 1_796_000_000 + int64(id)},
			},
		}
		if id%3 > 0 {
			card.Assignee = &card.Comments[0].By
		}
		board.Items = append(board.Items, card)
		length += len(mustJSON(card)) + 1
	}
	return mustJSON(board)
}

// foreignText returns the JSON of a [spec.List] of at least size bytes, whose titles are not ASCII.
func foreignText(size int) string {
	var list spec.List
	for length := 0; length < size; {
		id := len(list.Items) + 1
		task := spec.Task{ID: id, Title: fmt.Sprintf("会議の議事録を書く – übermorgen %d", id), Done: id%3 == 0}
		list.Items = append(list.Items, task)
		length += len(mustJSON(task)) + 1
	}
	return mustJSON(list)
}

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // these values are our own
	}
	return string(text)
}
