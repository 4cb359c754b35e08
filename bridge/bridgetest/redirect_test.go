package bridgetest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestRedirects checks that requestRemote follows redirects as fetch does, and that the token stays with its origin.
func TestRedirects(t *testing.T) {
	tell := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(w, "%s %s%s %q %s token:%t", r.Method, r.Host, r.RequestURI, body, r.Header.Get("Content-Type"), r.Header.Get("Authorization") != "")
	}
	for name, tt := range map[string]struct {
		status       int
		method, to   string
		want         string
		wantsRefusal bool
	}{
		"302, GET":        {302, "GET", "/there?x=1#y", `GET tasks-api.example.com/there?x=1 ""  token:true`, false},
		"301, POST":       {301, "POST", "/there", `GET tasks-api.example.com/there ""  token:true`, false},
		"302, PUT":        {302, "PUT", "there", `PUT tasks-api.example.com/there "body" text/plain;charset=UTF-8 token:true`, false},
		"303, PUT":        {303, "PUT", "/there", `GET tasks-api.example.com/there ""  token:true`, false},
		"307, POST":       {307, "POST", "/there", `POST tasks-api.example.com/there "body" text/plain;charset=UTF-8 token:true`, false},
		"308, DELETE":     {308, "DELETE", "/there", `DELETE tasks-api.example.com/there "body" text/plain;charset=UTF-8 token:true`, false},
		"another remote":  {307, "POST", "https://files-api.example.com", `POST files-api.example.com/ "body" text/plain;charset=UTF-8 token:false`, false},
		"as a browser":    {302, "GET", "/a%2Fb c|ü?q='", `GET tasks-api.example.com/a%2Fb%20c|%C3%BC?q=%27 ""  token:true`, false},
		"three slashes":   {302, "GET", "///files-api.example.com/x", `GET files-api.example.com/x ""  token:false`, false},
		"a backslash":     {302, "GET", `/\files-api.example.com/x`, `GET files-api.example.com/x ""  token:false`, false},
		"its own user":    {302, "GET", "https://a:b@tasks-api.example.com/", "", true},
		"unknown host":    {307, "POST", "https://elsewhere.example.com/", "", true},
		"no URL":          {302, "GET", "https://%zz/", "", true},
		"an endless loop": {302, "GET", "/from", "", true},
		"300":             {300, "GET", "/there", "moved", false},
		"no location":     {302, "GET", "", "moved", false},
	} {
		t.Run(name, func(t *testing.T) {
			host := bridgetest.NewHost(t)
			host.Remote("files-api", http.HandlerFunc(tell))
			host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/from" {
					tell(w, r)
					return
				}
				if tt.to != "" {
					w.Header().Set("Location", tt.to)
				}
				w.WriteHeader(tt.status)
				fmt.Fprint(w, "moved")
			}))
			request := bridge.Request{Method: tt.method, Path: "/from"}
			if tt.method != "GET" {
				request.Body = bridge.Bytes([]byte("body"))
			}
			resp, err := bridge.RequestRemote(bridge.NewContext(t.Context(), host.Client()), "tasks-api", request)
			if tt.wantsRefusal {
				if !errors.Is(err, bridge.ErrNetwork) {
					t.Errorf("got %v, want ErrNetwork", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, err := resp.Text(); strings.TrimSpace(got) != tt.want || err != nil {
				t.Errorf("got  %s (%v)\nwant %s", got, err, tt.want)
			}
			if host.Count("tasks-api") != 1 {
				t.Errorf("%d calls are counted, want 1", host.Count("tasks-api"))
			}
			if _, err := bridge.RequestRemote(host.Context(t, bridge.WithDirect(bridge.HostTokens())), "tasks-api", request); tt.to != "" && tt.status != 300 && !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("the direct way returns %v", err)
			}
		})
	}
}

// TestFetcherRedirects checks that a request with an origin, which carries a token, follows no redirect, and that another one
// does, such as the download of an object.
func TestFetcherRedirects(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("files-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/from":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/choices":
			w.Header().Set("Location", "/there")
			w.WriteHeader(http.StatusMultipleChoices)
		default:
			fmt.Fprint(w, "content")
		}
	}))
	const origin = "https://files-api.example.com"
	for _, tt := range []struct {
		path, origin, url string
		status            int
		want              error
	}{
		{"/from", "", origin + "/there", 200, nil},
		{"/from", origin, "", 0, bridge.ErrInvalidResponse},
		{"/choices", "", origin + "/choices", 300, nil},
		{"/choices", origin, origin + "/choices", 300, nil},
		{"/there", origin, origin + "/there", 200, nil},
	} {
		resp, err := host.Fetcher().Fetch(t.Context(), bridge.FetchRequest{Method: "GET", URL: origin + tt.path, Origin: tt.origin})
		if !errors.Is(err, tt.want) || resp.Status != tt.status || resp.URL != tt.url {
			t.Errorf("%s with the origin %q: got %d of %s (%v)", tt.path, tt.origin, resp.Status, resp.URL, err)
		}
		if err == nil {
			_ = resp.Body.Close()
		}
	}
}
