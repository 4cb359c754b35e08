package bridgetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/textfile"
)

// UpdateEnv is the environment variable that makes [Host.Golden] write its files instead of comparing them:
//
//	UPDATE_GOLDEN=1 go test ./...
const UpdateEnv = "UPDATE_GOLDEN"

// maxGolden is the size of the largest golden file that is read, in bytes.
const maxGolden = 64 << 20

// Golden compares everything that has crossed the bridge so far, in the form of [Host.WriteCalls], with the file at
// path, which is in the test's folder: testdata/load.golden, for example. If they differ, the test fails and shows
// the first line that differs. If the environment variable [UpdateEnv] is set, Golden writes the file. Under GOOS=js
// it needs a host with a file system.
func (h *Host) Golden(t testing.TB, path string) {
	t.Helper()
	var got bytes.Buffer
	if err := h.WriteCalls(&got); err != nil {
		t.Fatalf("bridgetest: %v", err)
	}
	accept := "accept the new calls with " + UpdateEnv + "=1 go test"
	if os.Getenv(UpdateEnv) != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatalf("bridgetest: %v", err)
		}
		if err := os.WriteFile(path, got.Bytes(), 0o666); err != nil {
			t.Fatalf("bridgetest: %v", err)
		}
		return
	}
	want, err := textfile.Read(path, maxGolden)
	if errors.Is(err, os.ErrNotExist) {
		t.Fatalf("bridgetest: %s does not exist yet; %s", path, accept)
	}
	if err != nil {
		t.Fatalf("bridgetest: %v", err)
	}
	// A checkout may have changed the file's line ends.
	if problem := difference(path, string(textfile.LF(want)), got.String()); problem != "" {
		t.Errorf("bridgetest: %s\n\n%s", problem, accept)
	}
}

// difference describes the first line in which two texts differ. It returns "" if they are equal.
func difference(path, want, got string) string {
	if want == got {
		return ""
	}
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	line := func(lines []string, i int) string {
		if i >= len(lines) {
			return "(the end)"
		}
		return lines[i]
	}
	i := 0
	for i < len(wants) && i < len(gots) && wants[i] == gots[i] {
		i++
	}
	before := strings.Join(wants[max(0, i-3):min(i, len(wants))], "\n  ")
	if before != "" {
		before = "  " + before + "\n"
	}
	return fmt.Sprintf("what crossed the bridge differs from %s at line %d:\n%s- %s\n+ %s", path, i+1, before, line(wants, i), line(gots, i))
}

// WriteCalls writes everything that has crossed the bridge, in the order in which it began, as text for people and
// golden files. The same calls always have the same text: it contains no token, no time, and no boundary of a form.
// For a body above 4 KB it contains the size and the SHA-256.
func (h *Host) WriteCalls(w io.Writer) error {
	var b strings.Builder
	for i, c := range h.Calls() {
		if i > 0 {
			b.WriteByte('\n')
		}
		c.write(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String returns the call in the form of [Host.WriteCalls].
func (c Call) String() string {
	var b strings.Builder
	c.write(&b)
	return b.String()
}

func (c Call) write(b *strings.Builder) {
	title := c.Command
	if c.Remote != "" {
		title += " " + c.Remote
	}
	if c.Function != "" {
		title += " " + c.Function
	}
	if c.Method != "" {
		title += ": " + c.Method + " " + c.Path
	}
	b.WriteString(title + "\n")
	out := stable(c)
	writeJSON(b, "> ", out.Payload)
	writeText(b, "> ", out.Body)
	switch {
	case !c.Done:
		b.WriteString("< (no answer yet)\n")
	case c.Err != nil:
		fmt.Fprintf(b, "! %s\n", errorText(c.Err))
	case c.Command == "callback":
	case c.Answer == nil && c.AnswerBody == "":
		b.WriteString("< undefined\n")
	default:
		writeJSON(b, "< ", out.Answer)
		writeText(b, "< ", out.AnswerBody)
	}
}

// errorText returns an error with the name and the code that a page sees.
func errorText(err error) string {
	text := err.Error()
	if refused := (*bridge.HostError)(nil); errors.As(err, &refused) {
		if refused.Name != "" {
			text = refused.Name + ": " + text
		}
		if refused.Code != "" {
			text += " (" + refused.Code + ")"
		}
	}
	return strings.ReplaceAll(string(redacted([]byte(text))), "\n", " ")
}

var (
	boundary = regexp.MustCompile(`(?i)boundary=([^\s",;\\]+)`)
	// expiry matches the only time that a page gets: the end of a token.
	expiry = regexp.MustCompile(`("expiresAt":)"?\d+"?`)
)

// stable returns a call without the parts that differ between runs.
func stable(c Call) Call {
	if found := boundary.FindSubmatch(c.Payload); found != nil {
		c.Payload = bytes.ReplaceAll(c.Payload, found[1], []byte("BOUNDARY"))
		c.Body = strings.ReplaceAll(c.Body, string(found[1]), "BOUNDARY")
	}
	c.Answer = expiry.ReplaceAll(c.Answer, []byte(`$1"[time]"`))
	return c
}

// writeJSON writes a JSON value, with mark before each line.
func writeJSON(b *strings.Builder, mark string, data []byte) {
	if len(data) > 0 {
		writeLines(b, mark, layout(data))
	}
}

// longest is the length of the longest text that is written in full, in bytes.
const longest = 4 << 10

// writeText writes a body, as JSON if it is JSON.
func writeText(b *strings.Builder, mark, text string) {
	switch {
	case text == "":
	case len(text) > longest:
		sum := sha256.Sum256([]byte(text))
		fmt.Fprintf(b, "%s(%d bytes, SHA-256 %s)\n", mark, len(text), hex.EncodeToString(sum[:]))
	case json.Valid([]byte(text)) && strings.ContainsAny(text[:1], "[{"):
		writeLines(b, mark+"| ", layout([]byte(text)))
	default:
		writeLines(b, mark+"| ", printable(text))
	}
}

func writeLines(b *strings.Builder, mark, text string) {
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		b.WriteString(mark + line + "\n")
	}
}

// printable returns a text with its control characters and invalid bytes escaped, except line feeds.
func printable(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		quoted := fmt.Sprintf("%q", line)
		lines[i] = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1 : len(quoted)-1])
	}
	return strings.Join(lines, "\n")
}
