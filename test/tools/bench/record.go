package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
)

// Record holds the results of all parts, as the JSON file has them. A part that was not run keeps its earlier result.
type Record struct {
	Environment Environment `json:"environment"`
	Calls       *Calls      `json:"calls,omitempty"`
	Values      *Values     `json:"values,omitempty"`
	Growth      *Growth     `json:"growth,omitempty"`
	Leaks       *Leaks      `json:"leaks,omitempty"`
	Weight      *Weight     `json:"weight,omitempty"`
	Boot        *Boot       `json:"boot,omitempty"`
	Loop        *Loop       `json:"loop,omitempty"`
}

// Environment is what the results depend on.
type Environment struct {
	Browser    string `json:"browser"`
	Go         string `json:"go"`
	Bridge     string `json:"bridge"`
	Processors int    `json:"processors"`
}

// read adds the content of a file. If the file does not exist, read does nothing.
func (r *Record) read(file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, r)
}

func (r *Record) write(file string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

func (r *Record) set(part result) {
	switch p := part.(type) {
	case *Calls:
		r.Calls = p
	case *Values:
		r.Values = p
	case *Growth:
		r.Growth = p
	case *Leaks:
		r.Leaks = p
	case *Weight:
		r.Weight = p
	case *Boot:
		r.Boot = p
	case *Loop:
		r.Loop = p
	}
}

// environmentOf asks the browser for its name and version.
func environmentOf(ctx context.Context, b *bench) (Environment, error) {
	e := Environment{Go: runtime.Version(), Bridge: officialVersion, Processors: runtime.NumCPU()}
	t, err := openTab(b.chromium)
	if err != nil {
		return e, err
	}
	defer t.close()
	version, err := call(ctx, t, "the browser's version", cdpbrowser.GetVersion, cdp.Empty{})
	e.Browser = strings.TrimPrefix(version.Product, "Headless")
	return e, err
}
