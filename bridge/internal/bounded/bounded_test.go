package bounded

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadAll(t *testing.T) {
	broken := errors.New("broken")
	tests := map[string]struct {
		r    io.Reader
		want string
		err  error
	}{
		"empty":          {strings.NewReader(""), "", nil},
		"below":          {strings.NewReader("abc"), "abc", nil},
		"at the limit":   {iotest.DataErrReader(strings.NewReader("abcd")), "abcd", nil},
		"one too many":   {strings.NewReader("abcde"), "", ErrTooLarge},
		"endless":        {iotest.OneByteReader(zeros{}), "", ErrTooLarge},
		"breaks":         {iotest.ErrReader(broken), "", broken},
		"breaks at four": {io.MultiReader(strings.NewReader("abcd"), iotest.ErrReader(broken)), "", broken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ReadAll(tt.r, 4)
			if err != tt.err || err == nil && string(got) != tt.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
