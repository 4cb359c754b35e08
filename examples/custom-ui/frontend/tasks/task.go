package tasks

import (
	"fmt"
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

// cleanName gives the name that text stands for, without the white space around it, or says what is wrong with it.
func cleanName(text string) (name, problem string) {
	name = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", "A task needs a name."
	case n > maxName:
		return "", fmt.Sprintf("A task’s name has at most %d characters. This one has %d.", maxName, n)
	}
	return name, ""
}

// quoted gives the name as a message says it: in quotation marks, and a long one shortened.
func quoted(name string) string {
	const most = 80
	characters := []rune(name)
	if len(characters) > most {
		name = strings.TrimSpace(string(characters[:most-1])) + "…"
	}
	return "“" + name + "”"
}
