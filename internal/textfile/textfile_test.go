package textfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, data, want string
		err              error
	}{
		{"plain", "a: ü\n", "a: ü\n", nil},
		{"empty", "", "", nil},
		{"a byte order mark", "\ufeffa", "a", nil},
		{"only a byte order mark", "\ufeff", "", nil},
		{"one mark of two", "\ufeff\ufeffa", "\ufeffa", nil},
		{"a mark inside", "a\ufeff", "a\ufeff", nil},
		{"Windows line endings are kept", "a\r\n", "a\r\n", nil},
		{"UTF-16, low byte first", "\xff\xfea\x00", "", ErrUTF16},
		{"UTF-16, high byte first", "\xfe\xff\x00a", "", ErrUTF16},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(dir, "file")
			if err := os.WriteFile(name, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Read(name, 10)
			if string(got) != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestLF(t *testing.T) {
	if got := string(LF([]byte("a\r\nb\n\r\n"))); got != "a\nb\n\n" {
		t.Errorf("got %q", got)
	}
}
