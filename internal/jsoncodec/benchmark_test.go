//go:build !tinygo

package jsoncodec

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// The values of the benchmarks are like the answers of backends: a list of records, nested values, numbers.

type record struct {
	ID       int      `json:"id"`
	Key      string   `json:"key"`
	Title    string   `json:"title"`
	Done     bool     `json:"done"`
	Score    float64  `json:"score"`
	Assignee *person  `json:"assignee"`
	Labels   []string `json:"labels"`
	Updated  string   `json:"updated"`
}

type person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type page struct {
	Total   int      `json:"total"`
	Next    string   `json:"next"`
	Records []record `json:"records"`
}

type task struct {
	ID    int    `json:"id"`
	Title string `json:"title"`
	Done  bool   `json:"done"`
}

type todo struct {
	ID       int      `json:"id"`
	Title    string   `json:"title"`
	Priority string   `json:"priority"`
	Estimate float64  `json:"estimate"`
	Due      *string  `json:"due,omitempty"`
	Labels   []string `json:"labels"`
	Done     bool     `json:"done"`
}

// sample is a text of about that size.
type sample struct {
	name string
	text []byte
	into func() any
}

func samples() []sample {
	list := func(n int, title string) []byte {
		p := page{Total: n, Next: "abc"}
		for i := range n {
			p.Records = append(p.Records, record{i, fmt.Sprintf("DEMO-%d", i), title, i%3 == 0, float64(i) / 4, &person{"Ada Lovelace", "ada@example.com"}, []string{"red", "green"}, "2026-11-30T01:02:03.000Z"})
		}
		text, err := json.Marshal(p)
		if err != nil {
			panic(err)
		}
		return text
	}
	ascii, foreign := "Write the minutes of the meeting", "日本語のタイトル、少し長い"
	var tasks struct {
		Items []task `json:"items"`
	}
	for i := range 7700 {
		tasks.Items = append(tasks.Items, task{i, fmt.Sprintf("Ask the team about task %d", i), i%3 == 0})
	}
	taskText, _ := json.Marshal(tasks)
	var numbers []float64
	for i := range 40_000 {
		numbers = append(numbers, float64(i)*1.25)
	}
	numberText, _ := json.Marshal(numbers)
	var todos []todo
	for i := range 90 {
		todos = append(todos, todo{i, "Write the report", "high", 1.5, nil, []string{"a", "b"}, false})
	}
	todoText, _ := json.Marshal(todos)
	newPage := func() any { return new(page) }
	return []sample{
		{"100B", []byte(`{"total":1,"next":"abc","records":[{"id":1,"key":"DEMO-1","title":"Write the minutes","done":true}]}`), newPage},
		{"10KB", list(50, ascii), newPage},
		{"500KB", list(2600, ascii), newPage},
		{"10KB-lists", todoText, func() any { return new([]todo) }},
		{"500KB-flat", taskText, func() any {
			return new(struct {
				Items []task `json:"items"`
			})
		}},
		{"500KB-foreign", list(2400, foreign), newPage},
		{"500KB-escapes", list(2400, "a \"quoted\"\ttitle\nof two lines"), newPage},
		{"500KB-text", []byte(`{"next":"` + strings.Repeat("Lorem ipsum ", 42_000) + `"}`), newPage},
		{"500KB-numbers", numberText, func() any { return new([]float64) }},
		{"500KB-any", list(2600, ascii), func() any { return new(any) }},
		{"500KB-skip", list(2600, ascii), func() any { return new(struct{ Total int }) }},
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	for _, s := range samples() {
		for name, unmarshal := range map[string]func([]byte, any) error{"std": json.Unmarshal, "plan": Unmarshal} {
			b.Run(s.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(s.text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := unmarshal(s.text, s.into()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkMarshal(b *testing.B) {
	for _, s := range samples() {
		v := s.into()
		if err := json.Unmarshal(s.text, v); err != nil {
			b.Fatal(err)
		}
		for name, marshal := range map[string]func(any) ([]byte, error){"std": json.Marshal, "plan": Marshal} {
			b.Run(s.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(s.text)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := marshal(v); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(s.name+"/reused", func(b *testing.B) {
			b.SetBytes(int64(len(s.text)))
			var room []byte
			for b.Loop() {
				var err error
				if room, err = Append(room[:0], v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
