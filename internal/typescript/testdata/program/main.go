// Program exports functions, whose types a test writes.
package main

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/forgego/forgego/internal/typescript/testdata/program/list"
	"github.com/forgego/forgego/wasm"
)

// Priority is how urgent a task is.
type Priority string

const (
	Low  Priority = "low"
	High Priority = "it's high"
	// Urgent has the value of High.
	Urgent = High
)

// Level is a number with names.
type Level int

const (
	First Level = iota
	Second
)

// Color converts itself to a text.
type Color struct{ r, g, b uint8 }

// MarshalText returns the color as CSS has it.
func (Color) MarshalText() ([]byte, error) { return nil, nil }

// UnmarshalText reads it.
func (*Color) UnmarshalText([]byte) error { return nil }

// Shape converts itself to JSON.
type Shape struct{}

// MarshalJSON returns a shape.
func (Shape) MarshalJSON() ([]byte, error) { return nil, nil }

// Seconds has no constants.
type Seconds float64

// base is embedded.
type base struct {
	ID      int    `json:"id"`
	Version string `json:"version,omitempty"`
	Title   string `json:"title"` // hidden by that of Task
}

// Audit is embedded by a pointer.
type Audit struct {
	By string `json:"by"`
}

// Task is what a user plans.
//
// It has comments of several lines, and one with */ in it.
type Task struct {
	base
	*Audit
	// Title is what the list shows.
	Title    string             `json:"title"`
	Priority Priority           `json:"priority"`
	Level    Level              `json:"level,omitempty"`
	Estimate float64            `json:"estimate"`
	Due      *time.Time         `json:"due,omitempty"`
	Created  time.Time          `json:"created,omitzero"`
	Parent   *Task              `json:"parent"`
	Children []Task             `json:"children,omitempty"`
	Labels   []string           `json:"labels"`
	Maybe    []*string          `json:"maybe"`
	Colors   map[Priority]Color `json:"colors"`
	Shape    Shape              `json:"shape"`
	Picture  []byte             `json:"picture"`
	Fixed    [2]bool            `json:"fixed"`
	Any      any                `json:"any"`
	Raw      json.RawMessage    `json:"raw"`
	Number   json.Number        `json:"number"`
	Big      int64              `json:"big,string"`
	Pos      struct {
		X Seconds
		// Y is down.
		Y Seconds `json:"y-axis"`
	} `json:"pos"`
	Hidden  string `json:"-"`
	private string
	Dash    string `json:"-,"`
}

// Query is what to look for.
type Query struct {
	Text     string                           `json:"text"`
	Progress wasm.Callback[float64, struct{}] `json:"progress,omitzero"`
	Choose   wasm.Callback[[]Task, *Task]     `json:"choose"`
}

func main() { wasm.Run(app) }

type none = struct{}

func app(ctx context.Context) error {
	wasm.ExportFunc(ctx, "addTask", addTask)
	// list returns the tasks of a page.
	wasm.ExportFunc(ctx, "list", func(context.Context, int) (list.Page[Task], error) { return list.Page[Task]{}, nil })
	wasm.ExportFunc[list.Task, map[int]list.Task](ctx, "names", nil)
	wasm.ExportFunc(ctx, "refresh", func(context.Context, none) (none, error) { return none{}, nil })
	wasm.ExportFunc(ctx, "shrink", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	wasm.ExportFunc(ctx, "find", find)
	const lines = "lines"
	wasm.ExportSeq(ctx, lines, func(context.Context, string) iter.Seq2[string, error] { return nil })
	return nil
}

// addTask adds a task and returns it with its number.
func addTask(context.Context, Task) (*Task, error) { return nil, nil }

func find(context.Context, Query) ([]Task, error) { return nil, nil }
