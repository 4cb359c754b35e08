package main

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/test/tools/bench/spec"
)

func TestQuietest(t *testing.T) {
	got := quietest([]spec.State{{Heap: 30, References: 3}, {Heap: 10, References: 1}, {Heap: 20, References: 2}})
	if got.Heap != 10 || got.References != 1 || got.HeapNoise != 20 {
		t.Errorf("got %+v", got)
	}
}

func TestLeaksMarkdown(t *testing.T) {
	text := example().Leaks.Markdown()
	for _, want := range []string{"| Go | 10,000 | 25 | 3 | 5,000 | ± 64 | 0 |\n", "| TinyGo | 100,000 | 13 | – | 600 | ± 64 | 0 |\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
