package devhost

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"
)

// etags are the entity tags of files by their content. A tag is kept as long as the file looks untouched, so that a
// warm load of a large program does not read it again.
type etags struct {
	mu    sync.Mutex
	known map[string]fileTag
}

type fileTag struct {
	size     int64
	modified time.Time
	tag      string
}

// settled is how old a change has to be before a file's time and size are trusted to tell it from the next change:
// some file systems count in whole seconds.
const settled = 2 * time.Second

// of returns the tag of what an open file holds, as decode reads it, and leaves the file at its start. A nil decode reads
// the file as it is. The key stands for the file and how it is read.
func (e *etags) of(key string, f *os.File, info fs.FileInfo, decode func(io.Reader) (io.Reader, error)) (string, error) {
	e.mu.Lock()
	known, ok := e.known[key]
	e.mu.Unlock()
	if ok && known.size == info.Size() && known.modified.Equal(info.ModTime()) {
		return known.tag, nil
	}
	hash := sha256.New()
	if err := read(hash, f, decode); err != nil {
		return "", fmt.Errorf("reading %s: %w", key, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("reading %s: %w", key, err)
	}
	tag := quoteTag(hash.Sum(nil))
	if time.Since(info.ModTime()) > settled {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.known == nil {
			e.known = map[string]fileTag{}
		}
		e.known[key] = fileTag{size: info.Size(), modified: info.ModTime(), tag: tag}
	}
	return tag, nil
}

func read(to io.Writer, from io.Reader, decode func(io.Reader) (io.Reader, error)) error {
	if decode != nil {
		decoded, err := decode(from)
		if err != nil {
			return err
		}
		from = decoded
	}
	_, err := io.Copy(to, from)
	return err
}

// tagOf is the tag of parts that together make a response.
func tagOf(parts ...[]byte) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:", len(part))
		hash.Write(part)
	}
	return quoteTag(hash.Sum(nil))
}

func quoteTag(sum []byte) string { return `"` + hex.EncodeToString(sum[:16]) + `"` }
