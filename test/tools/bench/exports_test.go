package main

import (
	"strings"
	"testing"
)

func TestExportsMarkdown(t *testing.T) {
	text := example().Exports.Markdown()
	for _, want := range []string{"| a struct of five fields each way | 20 | – | the struct: `JSON.parse(JSON.stringify(x))` |\n", "| Go | 100,000 | 31 | 4 | 1,010 | ± 0 | 0 |\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestWorkerMarkdown(t *testing.T) {
	text := example().Worker.Markdown()
	for _, want := range []string{"| 100 B | 1 | text | 2.0 (1.8–2.2) | 50 | 100 |\n", "| 1 | 2 | 90 | 0 | – |\n", "| 50 | 0 | – | 1 | 60 |\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
