package tasks

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Task is one task as the backend tells it.
type Task struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Done bool   `json:"done"`
	File File   `json:"file"`
}

// File is what the backend tells of a task's file; the zero file stands for none.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Size is in bytes.
	Size int64 `json:"size"`
}

// HasFile reports whether the task has a file.
func (t Task) HasFile() bool { return t.File != File{} }

// maxName is how many characters a task's name may have; the backend has the same limit.
const maxName = 200

// cleanName returns text without the white space around it, or the problem that makes it invalid as a name.
func (w *Words) cleanName(text string) (name, problem string) {
	name = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", w.Text("name.missing")
	case n > maxName:
		return "", w.Text("name.long", "most", strconv.Itoa(maxName), "n", strconv.Itoa(n))
	}
	return name, ""
}
