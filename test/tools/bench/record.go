package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"

	"github.com/forgego/forgego/test/harness/browser"
)

// Record holds the results of all parts in Chromium, as the JSON file has them, and those in the other browsers. A part that
// was not run keeps its earlier result.
type Record struct {
	Environment Environment `json:"environment"`
	Calls       *Calls      `json:"calls,omitempty"`
	Values      *Values     `json:"values,omitempty"`
	Growth      *Growth     `json:"growth,omitempty"`
	Leaks       *Leaks      `json:"leaks,omitempty"`
	Exports     *Exports    `json:"exports,omitempty"`
	Worker      *Worker     `json:"worker,omitempty"`
	Weight      *Weight     `json:"weight,omitempty"`
	Boot        *Boot       `json:"boot,omitempty"`
	Loading     *Loading    `json:"loading,omitempty"`
	Loop        *Loop       `json:"loop,omitempty"`
	Firefox     *Record     `json:"firefox,omitempty"`
	WebKit      *Record     `json:"webkit,omitempty"`
}

// in returns the part of the record that is about a browser.
func (r *Record) in(engine browser.Engine) *Record {
	at := map[browser.Engine]**Record{browser.Firefox: &r.Firefox, browser.WebKit: &r.WebKit}[engine]
	if at == nil {
		return r
	}
	if *at == nil {
		*at = &Record{}
	}
	return *at
}

// Environment is what the results depend on.
type Environment struct {
	Browser    string `json:"browser"`
	Go         string `json:"go"`
	Bridge     string `json:"bridge"`
	Processors int    `json:"processors"`
}

func (e Environment) text() string {
	return fmt.Sprintf("%s, %s, `@forge/bridge` %s, %d processors.\n", e.Browser, e.Go, e.Bridge, e.Processors)
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
	case *Exports:
		r.Exports = p
	case *Worker:
		r.Worker = p
	case *Weight:
		r.Weight = p
	case *Boot:
		r.Boot = p
	case *Loading:
		r.Loading = p
	case *Loop:
		r.Loop = p
	}
}

// environmentOf asks the browser for its name and version.
func environmentOf(ctx context.Context, b *bench) (Environment, error) {
	e := Environment{Go: runtime.Version(), Bridge: officialVersion, Processors: runtime.NumCPU()}
	t, err := openTab(ctx, b.browser)
	if err != nil {
		return e, err
	}
	defer t.close()
	if !b.isChromium() {
		var agent string
		err := t.eval(ctx, "navigator.userAgent", &agent)
		e.Browser = browserOf(b.browser.Engine, agent)
		return e, err
	}
	version, err := call(ctx, t, "the browser's version", cdpbrowser.GetVersion, cdp.Empty{})
	e.Browser = strings.TrimPrefix(version.Product, "Headless")
	return e, err
}

// browserOf returns the name and the version in a user agent. WebKitGTK names only the Safari of the same version.
func browserOf(engine browser.Engine, agent string) string {
	name, token := "Firefox/", "Firefox/"
	if engine == browser.WebKit {
		name, token = "WebKitGTK, as Safari ", "Version/"
	}
	_, version, _ := strings.Cut(agent, token)
	version, _, _ = strings.Cut(version, " ")
	return name + version
}
