package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/supervise"
)

// editor opens the developer's files.
type editor struct {
	command []string
	// roots are the folders whose files may be opened.
	roots []string
	// problems returns what the developer must correct. Files that it names may be opened too.
	problems func() []devhost.Problem
}

// newEditor returns the editor that a command line starts, for the app in a folder.
func newEditor(line, dir string) (*editor, error) {
	command, err := splitWords(line)
	if err != nil {
		return nil, fmt.Errorf("--editor %s: %w", line, err)
	}
	if len(command) == 0 {
		return nil, errors.New("--editor has no program; write it as 'code -g {file}:{line}:{column}'")
	}
	if !strings.Contains(line, "{file}") {
		command = append(command, placeArguments(command[0])...)
	}
	roots, err := sourceRoots(dir)
	if err != nil {
		return nil, err
	}
	return &editor{command: command, roots: roots}, nil
}

// splitWords splits a command line at white space. Single and double quotes keep white space in a word. There is no shell.
func splitWords(line string) (words []string, err error) {
	var word strings.Builder
	var quote rune
	begun := false
	end := func() {
		if begun {
			words = append(words, word.String())
			word.Reset()
			begun = false
		}
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote == 0 && strings.ContainsRune(" \t\n", r):
			end()
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a %c is missing", quote)
	}
	end()
	return words, nil
}

// placeArguments returns how an editor takes a place.
func placeArguments(program string) []string {
	name := strings.ToLower(filepath.Base(program))
	switch strings.TrimSuffix(strings.TrimSuffix(name, ".exe"), ".cmd") {
	case "code", "cursor":
		return []string{"-g", "{file}:{line}:{column}"}
	case "zed", "subl":
		return []string{"{file}:{line}:{column}"}
	}
	return []string{"+{line}", "{file}"}
}

// sourceRoots returns the app's folder, and the folder of the Go module or workspace around it.
func sourceRoots(dir string) ([]string, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, err
	}
	roots := []string{dir}
	for _, name := range []string{"go.mod", "go.work"} {
		if file, ok := bundle.FindAbove(dir, name); ok {
			roots = append(roots, filepath.Dir(file))
		}
	}
	return roots, nil
}

// open opens a place in the editor. It returns an error for a file that is not the developer's.
func (e *editor) open(place devhost.Place) error {
	file, err := e.file(place.File)
	if err != nil {
		return err
	}
	values := strings.NewReplacer("{file}", file, "{line}", strconv.Itoa(max(place.Line, 1)), "{column}", strconv.Itoa(max(place.Column, 1)))
	command := slices.Clone(e.command)
	for i := range command[1:] {
		command[i+1] = values.Replace(command[i+1])
	}
	if err := supervise.Detach(command); err != nil {
		return fmt.Errorf("the editor did not open %s: %w", place.File, err)
	}
	return nil
}

// file returns the real path of a file that may be opened.
func (e *editor) file(name string) (string, error) {
	if name == "" || strings.ContainsRune(name, 0) || runtime.GOOS == "windows" && strings.HasPrefix(name, `\\`) {
		return "", errors.New("this is not the path of a file")
	}
	file, err := filepath.Abs(name)
	if err == nil {
		file, err = filepath.EvalSymlinks(file)
	}
	var info os.FileInfo
	if err == nil {
		info, err = os.Stat(file)
	}
	if err != nil || !info.Mode().IsRegular() {
		return "", fmt.Errorf("there is no file %q", name)
	}
	for _, root := range e.roots {
		if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
			return file, nil
		}
	}
	for _, problem := range e.problems() {
		for _, place := range problem.Places {
			if place.File == name {
				return file, nil
			}
		}
	}
	return "", fmt.Errorf("%q is neither in the app's folder nor in its Go module", name)
}
