package tasks

import (
	"mime"
	"strings"
)

// downloadName gives the name to save a file under: the one in its Content-Disposition (RFC 6266), or fallback if that
// has none. It is safe whatever the backend sends: it names no folder.
func downloadName(disposition, fallback string) string {
	// ParseMediaType reads filename* (RFC 8187) too, and prefers it to filename.
	_, parameters, err := mime.ParseMediaType(disposition)
	name := parameters["filename"]
	if err != nil || strings.TrimSpace(name) == "" {
		name = fallback
	}
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	return fileName(strings.TrimLeft(name, "."))
}
