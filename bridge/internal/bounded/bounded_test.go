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
		"one more":       {strings.NewReader("abcde"), "", &TooLargeError{}},
		"endless":        {iotest.OneByteReader(zeros{}), "", &TooLargeError{}},
		"breaks":         {iotest.ErrReader(broken), "", broken},
		"breaks at four": {io.MultiReader(strings.NewReader("abcd"), iotest.ErrReader(broken)), "", broken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ReadAll(tt.r, 4)
			var tooLarge *TooLargeError
			if errors.As(tt.err, &tooLarge) {
				if !errors.As(err, &tooLarge) || tooLarge.Limit != 4 {
					t.Errorf("got %v", err)
				}
			} else if err != tt.err || string(got) != tt.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
