package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/test/tools/bench/stat"
)

// Loading is the result of the part loading: how soon a program makes its first call, by the way in which it is loaded.
type Loading struct {
	Pairs int `json:"pairs"`
	// Official is the time of the official client's first call at each visit, in milliseconds from the navigation.
	Official map[string]stat.Quartiles `json:"official"`
	// Ratio is the ratio of each way to that, pair by pair, by visit.
	Ratio map[string]map[string]stat.Quartiles `json:"ratio"`
	// Refused is why the browser stores no compiled module in a database, or "".
	Refused string `json:"refused,omitempty"`
}

// loadingWays are the ways of testdata/boot/page/ways.js, with what the tables say about them.
var loadingWays = [][2]string{
	{"stream", "`compileStreaming` of the file, as the shim does"},
	{"gzip", "`app.wasm.gz` and `DecompressionStream`: `data-gzip`"},
	{"bytes", "the whole file, then `compile`"},
	{"cache", "the response in the Cache API"},
	{"database", "the compiled module in IndexedDB"},
}

// The visits: in a new profile, again at once, and after visits that lasted some seconds each.
var loadingVisits = []string{"first", "second", "later"}

// addWays adds a page for each way. Its program is bare, which needs no shim.
func addWays(ctx context.Context, dir string, ways []string) error {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	wasmExec, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	script, err := os.ReadFile(filepath.Join(testdata, "boot", "page", "ways.js"))
	if err != nil {
		return err
	}
	program, err := os.ReadFile(filepath.Join(dir, pageBare, "app.wasm"))
	if err != nil {
		return err
	}
	gzipped, err := encoded(program, "gzip")
	if err != nil {
		return err
	}
	for _, way := range ways {
		page := filepath.Join(dir, way)
		text := fmt.Sprintf(`<!doctype html><html><head><script src="wasm_exec.js"></script><script src="ways.js" data-way="%s" defer></script></head><body><div id="app"></div></body></html>`, way)
		err := errors.Join(
			os.CopyFS(page, os.DirFS(filepath.Join(dir, pageBare))),
			os.WriteFile(filepath.Join(page, "wasm_exec.js"), wasmExec, 0o644),
			os.WriteFile(filepath.Join(page, "app.wasm.gz"), gzipped, 0o644),
			os.WriteFile(filepath.Join(page, "ways.js"), script, 0o644),
			os.WriteFile(filepath.Join(page, "index.html"), []byte(text), 0o644),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

func measureLoading(ctx context.Context, b *bench) (result, error) {
	var ways []string
	for _, way := range loadingWays {
		ways = append(ways, way[0])
	}
	site, err := newBootSite(ctx, b, ways...)
	if err != nil {
		return nil, err
	}
	defer site.close()
	w := &warmTabs{bench: b, site: site}
	defer w.close()
	loading := &Loading{Pairs: b.bootPairs, Official: map[string]stat.Quartiles{}, Ratio: map[string]map[string]stat.Quartiles{}}
	times := map[string]map[string][]float64{"first": {}, "second": {}, "later": {}}
	for i := range b.bootPairs {
		for j := range site.pages {
			page := site.pages[j]
			if i%2 == 1 {
				page = site.pages[len(site.pages)-1-j]
			}
			if err := site.visitThrice(ctx, w, page, times, loading); err != nil {
				return nil, fmt.Errorf("%s: %w", page, err)
			}
		}
	}
	for _, visit := range loadingVisits {
		loading.Official[visit] = stat.Of(times[visit][pageOfficial])
		loading.Ratio[visit] = map[string]stat.Quartiles{}
		for _, way := range ways {
			loading.Ratio[visit][way] = stat.Of(stat.Ratios(times[visit][way], times[visit][pageOfficial]))
			progress("%-6s visit, %-8s first call %s of official", visit, way, ratio(loading.Ratio[visit][way]))
		}
	}
	return loading, nil
}

// visitThrice makes one visit of each kind and adds the times of the first calls.
func (s *bootSite) visitThrice(ctx context.Context, w *warmTabs, page string, times map[string]map[string][]float64, loading *Loading) error {
	for _, warm := range []bool{false, true} {
		t, done, err := w.tab(ctx, page, warm)
		if err != nil {
			return err
		}
		visits := []string{"first", "second"}
		if warm {
			visits = []string{"later"}
		}
		for _, visit := range visits {
			m, err := s.visit(ctx, t, page, condition{Slowdown: 1})
			if err != nil {
				done()
				return err
			}
			if m.Refused != "" {
				loading.Refused = m.Refused
			}
			times[visit][page] = append(times[visit][page], m.First)
		}
		done()
	}
	return nil
}

// Markdown returns a table with a row for each way.
func (l *Loading) Markdown() string {
	rows := [][]string{{"the program is loaded by", "first visit", "second, at once", "later visits"}}
	for _, way := range loadingWays {
		row := []string{way[1]}
		for _, visit := range loadingVisits {
			row = append(row, ratio(l.Ratio[visit][way[0]]))
		}
		rows = append(rows, row)
	}
	row := []string{"official, ms"}
	for _, visit := range loadingVisits {
		row = append(row, number(l.Official[visit].Median))
	}
	text := fmt.Sprintf("%d pairs.\n\n%s", l.Pairs, table(append(rows, row)))
	if l.Refused != "" {
		text += "\nThe browser stores no compiled module (" + strings.TrimSuffix(l.Refused, ".") + "), so the last way compiles it at each visit.\n"
	}
	return text
}
