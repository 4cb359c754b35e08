package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/tools/bench/spec"
)

func TestJSONText(t *testing.T) {
	for _, size := range []int{80, 100, 101, 1000, 10_000, 500_000} {
		text := jsonText(size)
		var v struct {
			Items []struct {
				ID    int
				Title string
			}
			Note *string
		}
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%d: %v", size, err)
		}
		if len(text) != size || v.Note == nil || len(v.Items) == 0 || v.Items[len(v.Items)-1].ID != len(v.Items) {
			t.Errorf("%d: %d bytes with %d items", size, len(text), len(v.Items))
		}
	}
}

func TestCallCells(t *testing.T) {
	var names []string
	goals := 0
	for _, c := range callCells() {
		names = append(names, c.Name())
		if c.isGoal() {
			goals++
		}
	}
	for _, want := range []string{"requestRemote/100B/1/text", "requestRemote/10KB/50/bytes", "invokeRemote/500KB/500/text", "invokeRemote/100B/1/text/posted", "requestRemote/10KB/1/bytes/posted"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s in %q", want, names)
		}
	}
	slices.Sort(names)
	if goals != 36 || len(slices.Compact(names)) != len(callCells()) {
		t.Errorf("%d cells with goals, %d names for %d cells", goals, len(slices.Compact(names)), len(callCells()))
	}
}

func TestCallCellsElsewhere(t *testing.T) {
	var names []string
	for _, c := range callCellsElsewhere() {
		names = append(names, c.Name())
	}
	for _, want := range []string{"requestRemote/500KB/50/bytes/posted", "invokeRemote/100B/1/text"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s in %q", want, names)
		}
	}
	if slices.Contains(names, "requestRemote/100B/500/text") {
		t.Error("500 calls at once take too long elsewhere")
	}
}

func TestValueCells(t *testing.T) {
	var names []string
	for _, c := range valueCells() {
		names = append(names, c.Name())
		if body := c.body(); len(body.Text) < c.Size || len(body.Text) > c.Size+c.Size/10 && c.Size > 100 {
			t.Errorf("%s has %d bytes", c.Name(), len(body.Text))
		}
	}
	if want := "requestRemote/100B/1/value"; names[0] != want {
		t.Errorf("the first is %s, want %s", names[0], want)
	}
	for _, want := range []string{"requestRemote/500KB/50/value", "requestRemote/10KB/1/value/nested", "requestRemote/500KB/1/value/foreign/posted", "invokeRemote/500KB/50/value/posted"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s in %q", want, names)
		}
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != len(names) {
		t.Errorf("%d names for %d cells", n, len(names))
	}
}

func TestPairsOf(t *testing.T) {
	for name, c := range map[string]struct {
		cell cell
		full bool
		want int
	}{
		"small":                     {cell{Size: 100, AtOnce: 500}, false, 15},
		"large, some at once":       {cell{Size: 500_000, AtOnce: 50}, false, 15},
		"250 MB at once":            {cell{Size: 500_000, AtOnce: 500}, false, 5},
		"250 MB at once, with full": {cell{Size: 500_000, AtOnce: 500}, true, 15},
	} {
		if got := (&bench{pairs: 15, full: c.full}).pairsOf(c.cell); got != c.want {
			t.Errorf("%s: %d pairs, want %d", name, got, c.want)
		}
	}
}

func TestSizeText(t *testing.T) {
	for size, want := range map[int]string{100: "100 B", 1000: "1 KB", 500_000: "500 KB", 5_000_000: "5 MB"} {
		if got := sizeText(size); got != want {
			t.Errorf("%d is %q, want %q", size, got, want)
		}
	}
}

func TestClients(t *testing.T) {
	both := &player{tiny: &tab{}, engine: browser.Chromium}
	alone := &player{engine: browser.Chromium}
	elsewhere := &player{engine: browser.WebKit}
	for name, c := range map[string]struct {
		player *player
		cell   cell
		want   []string
	}{
		"without TinyGo": {alone, cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Text}, []string{"official", "ours", "floor", "bare"}},
		"with TinyGo":    {both, cell{Op: spec.InvokeRemote, Size: 100, AtOnce: 1, Read: spec.Text}, []string{"official", "ours", "floor", "bare", "parsing", clientTiny}},
		"250 MB at once": {both, cell{Op: spec.RequestRemote, Size: 500_000, AtOnce: 500, Read: spec.Text}, []string{"official", "ours", "floor", "bare"}},
		"a value":        {both, cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Value}, []string{"official", "ours", "bare", "copy", clientTiny}},
		"nested":         {both, cell{Op: spec.RequestRemote, Size: 10_000, AtOnce: 1, Read: spec.Value, Shape: spec.Nested}, []string{"official", "ours", "bare", "copy"}},
		"postMessage":    {both, cell{Op: spec.RequestRemote, Size: 100, AtOnce: 1, Read: spec.Text, Posted: true}, []string{"official", "ours", "bare", "copy"}},
		"in WebKit":      {elsewhere, cell{Op: spec.InvokeRemote, Size: 100, AtOnce: 1, Read: spec.Text}, []string{"official", "ours", "copy"}},
		"posted there":   {elsewhere, cell{Op: spec.InvokeRemote, Size: 100, AtOnce: 1, Read: spec.Text, Posted: true}, []string{"official", "ours", "copy", "bare"}},
	} {
		if got := c.player.clients(c.cell); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
