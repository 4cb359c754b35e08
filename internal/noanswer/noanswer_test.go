package noanswer

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Package diagnosis tests the other texts.
func TestSentence(t *testing.T) {
	refused := errors.New("connection refused")
	for want, err := range map[string]error{
		"the proxy of this machine cannot be reached: connection refused.":                                                &url.Error{Op: "Get", URL: "https://a.example", Err: &net.OpError{Op: "proxyconnect", Err: refused}},
		"the server closed the connection without an answer. A panic in a Go handler does that; see the server's output.": &url.Error{Op: "Get", URL: "https://a.example", Err: io.EOF},
	} {
		if got := Sentence("server", "https://a.example", err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestURLIsNotShown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	where := "http://" + l.Addr().String()
	l.Close()
	_, err = http.Get(where + "/?key=secret")
	if got := Sentence("remote", where, err); got != "the remote is down: nothing listens at "+where+"." || strings.Contains(got, "secret") {
		t.Errorf("got %q", got)
	}
}
