package pagefetch

import (
	"errors"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/platform"
)

// The contract of internal/hosttest tests what a remote gets, for this code and for a browser. The tests here cover the
// rest.

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct {
		payload string
		body    []byte
		want    string // method, path, body, redirect
		refused string // the error's name or code
	}{
		"only a key":                {payload: `{"remoteKey":"a"}`, want: `GET "" "" follow`},
		"a body in the payload":     {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"POST","path":"/t","body":"x"}}`, want: `POST "/t" "x" follow`},
		"a body beside the payload": {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"POST","body":""}}`, body: []byte("x"), want: `POST "" "x" follow`},
		"an empty body":             {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"HEAD","body":""}}`, body: []byte{}, want: `HEAD "" "" follow`},
		"a body of numbers":         {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"POST","body":[1,null,"a",{}]}}`, want: `POST "" "1,,a,[object Object]" follow`},
		"a path of another type":    {payload: `{"remoteKey":"a","fetchRequestInit":{"path":7,"redirect":"manual"}}`, want: `GET "7" "" manual`},
		"a method in lower case":    {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"patch"}}`, want: `patch "" "" follow`},
		"options of another type":   {payload: `{"remoteKey":"a","fetchRequestInit":7}`, want: `GET "" "" follow`},
		"no key":                    {payload: `{}`, refused: "INVALID_REQUEST"},
		"null for a key":            {payload: `{"remoteKey":null}`, refused: "INVALID_REQUEST"},
		"no object":                 {payload: `[]`, refused: "INVALID_REQUEST"},
		"nothing":                   {payload: ``, refused: "INVALID_REQUEST"},
		"a pair of three":           {payload: `{"remoteKey":"a","fetchRequestInit":{"headers":[["a","b","c"]]}}`, refused: "TypeError"},
		"a list of strings":         {payload: `{"remoteKey":"a","fetchRequestInit":{"headers":["a"]}}`, refused: "TypeError"},
		"headers of a number":       {payload: `{"remoteKey":"a","fetchRequestInit":{"headers":7}}`, refused: "TypeError"},
		"HEAD with a body":          {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"HEAD","body":"x"}}`, refused: "TypeError"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Read([]byte(tt.payload), tt.body)
			if tt.refused != "" {
				var failed *platform.Error
				if !errors.As(err, &failed) || failed.Name != tt.refused && string(failed.Code) != tt.refused {
					t.Errorf("got %v, want %s", err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			quote := func(text string) string { return `"` + text + `"` }
			if got := strings.Join([]string{f.Method, quote(f.Path), quote(string(f.Body)), f.Redirect}, " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
