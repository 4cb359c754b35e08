package pagefetch

import (
	"strings"
	"testing"
)

func TestReadHeader(t *testing.T) {
	for name, tt := range map[string]struct{ given, want string }{
		"forbidden names":              {`{"Cookie":"a","host":"b","Sec-Fetch-Mode":"c","proxy-x":"d","content-length":"1","authorization":"e","x":"1"}`, "X: 1\r\n"},
		"a forbidden method in a list": {`{"x-http-method-override":"PUT, trace","x-http-method":"PUT"}`, "X-Http-Method: PUT\r\n"},
		"two cases of a name":          {`{"X-A":"1","x-a":" 2\t"}`, "X-A: 1, 2\r\n"},
		"a number":                     {`{"x-a":7}`, "X-A: 7\r\n"},
		"null":                         {`null`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			header, err := readHeader([]byte(tt.given))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := header.Write(&b); err != nil || b.String() != tt.want {
				t.Errorf("got %q (%v), want %q", b.String(), err, tt.want)
			}
		})
	}
}
