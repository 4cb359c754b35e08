package tasks

import (
	"mime"
	"strings"
)

// downloadName returns the name for a downloaded file: the one in its Content-Disposition (RFC 6266), or fallback if there is
// none. Whatever the backend sends, the name contains no folder.
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
