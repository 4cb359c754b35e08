package resource

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
)

// fileTag returns the entity tag of an open file's content, and seeks to the file's start. It reads the file each time,
// which takes 0.06 s for 100 MB: sizes, times and numbers of a file system do not prove on every system that a file is
// unchanged.
func fileTag(f *os.File) (string, error) {
	hash := sha256.New()
	_, err := io.Copy(hash, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return "", err
	}
	return quoteTag(hash.Sum(nil)), nil
}

// Tag returns the entity tag of a response that consists of these parts.
func Tag(parts ...[]byte) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:", len(part))
		hash.Write(part)
	}
	return quoteTag(hash.Sum(nil))
}

func quoteTag(sum []byte) string { return `"` + hex.EncodeToString(sum[:16]) + `"` }

// compressedForms remembers which compressed files contain which other files, because decompressing takes longer than
// reading. It identifies files by their entity tags.
type compressedForms struct {
	mu    sync.Mutex
	known map[formKey]bool
}

// formKey holds the tags of a compressed file and of the file that it may contain.
type formKey struct{ encoding, compressed, plain string }

// maxForms is the largest number of pairs that compressedForms remembers. Each build adds two.
const maxForms = 256

// isForm reports whether an open file decompresses to size bytes with the tag plain. It returns the file's own tag, and
// seeks to the file's start.
func (e *compressedForms) isForm(f *os.File, c encoding, plain string, size int64) (tag string, ok bool, err error) {
	tag, err = fileTag(f)
	if err != nil {
		return "", false, err
	}
	key := formKey{c.name, tag, plain}
	e.mu.Lock()
	ok, found := e.known[key]
	e.mu.Unlock()
	if found {
		return tag, ok, nil
	}
	ok = decompressesTo(f, c, plain, size)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", false, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known == nil || len(e.known) >= maxForms {
		e.known = map[formKey]bool{}
	}
	e.known[key] = ok
	return tag, ok, nil
}

// decompressesTo reports whether f decompresses to size bytes with the tag plain. It stops one byte after size, because a
// small file can decompress to any number of bytes.
func decompressesTo(f io.Reader, c encoding, plain string, size int64) bool {
	decoded, err := c.decode(f)
	if err != nil {
		return false
	}
	hash := sha256.New()
	n, err := io.Copy(hash, io.LimitReader(decoded, size+1))
	return err == nil && n == size && quoteTag(hash.Sum(nil)) == plain
}
