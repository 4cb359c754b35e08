package bridgehttp_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge/bridgehttp"
)

// The ways to the remote.
const (
	byHost   = "host"
	byInvoke = "invoke"
	byDirect = "direct"
)

// exchange is what client and handler see of a request and its response.
type exchange struct {
	// The request, as the handler got it.
	Method, URI, Sent string
	RequestHeader     http.Header
	SentLength        int64
	// The response, as the client got it.
	Status, Proto, Body string
	StatusCode          int
	Header              http.Header
	Length              int64
	Uncompressed        bool
	HasRequest          bool
	Trailer             http.Header
}

// observed returns the fields that do not depend on where a handler runs.
func observed(h http.Header) http.Header {
	h = maps.Clone(h)
	for _, name := range []string{"Accept", "Accept-Encoding", "Authorization", "Content-Length", "Date", "User-Agent", "X-B3-Spanid", "X-B3-Traceid"} {
		h.Del(name)
	}
	return h
}

// do sends a request with a client and returns everything that is visible.
func do(t *testing.T, client *http.Client, handler *recorder, r *http.Request) exchange {
	t.Helper()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if e := resp.Body.Close(); err != nil || e != nil {
		t.Fatal(err, e)
	}
	got := handler.seen
	got.Status, got.Proto, got.Body, got.StatusCode = resp.Status, resp.Proto, string(body), resp.StatusCode
	got.Header, got.Length, got.Uncompressed, got.Trailer = observed(resp.Header), resp.ContentLength, resp.Uncompressed, resp.Trailer
	got.HasRequest = resp.Request == r
	if length := resp.Header.Get("Content-Length"); length != "" && length != fmt.Sprint(resp.ContentLength) && resp.ContentLength >= 0 {
		t.Errorf("Content-Length is %s, and Response.ContentLength %d", length, resp.ContentLength)
	}
	return got
}

// recorder is a handler that records what it saw.
type recorder struct {
	http.Handler
	seen exchange
}

func (h *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.seen = exchange{Method: r.Method, URI: r.RequestURI, Sent: string(body), RequestHeader: observed(r.Header), SentLength: r.ContentLength}
	h.Handler.ServeHTTP(w, r)
}

func text(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func object(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		text(status, `{"is":"JSON"}`)(w, r)
	}
}

const (
	jsonType  = "application/json"
	jsonBody  = `{"title":"Grüße <&>"}`
	allThree  = byHost + byInvoke + byDirect
	notInvoke = byHost + byDirect
)

// toNetwork is http.DefaultTransport. With its own dialer it uses HTTP even in a page, where package net has an
// in-memory network.
var toNetwork = &http.Transport{DialContext: new(net.Dialer).DialContext}

// TestAsDefaultTransport sends requests with http.DefaultTransport to a server, and with the bridge to the same
// handler.
func TestAsDefaultTransport(t *testing.T) {
	tests := map[string]struct {
		// ways that carry the request; default all.
		ways                   string
		method, path           string
		contentType, body      string
		header                 http.Header
		handler                http.HandlerFunc
		host, invoke, directly func(want *exchange) // changes of the wanted result for this way
	}{
		"get":             {path: "/tasks", handler: object(200)},
		"escapes":         {path: "/a%2Fb/%C3%A4/%25/x;y=1,2/(z)!/@:$&+=~*'", handler: object(200)},
		"query":           {path: "/tasks?team=A+B%20C&x=&x=2&%3D", handler: object(200)},
		"an empty query":  {path: "/tasks?", handler: object(200)},
		"a fragment":      {path: "/tasks?x=1#here", handler: object(200)},
		"no path":         {path: "/", handler: object(200)},
		"empty segments":  {path: "/a//b/", handler: object(200)},
		"post JSON":       {method: "POST", path: "/", contentType: jsonType, body: jsonBody, handler: object(201)},
		"put JSON":        {method: "PUT", path: "/", contentType: jsonType, body: jsonBody, handler: object(200)},
		"patch JSON":      {method: "PATCH", path: "/", contentType: "application/merge-patch+json", body: jsonBody, handler: object(200)},
		"delete":          {method: "DELETE", path: "/1", handler: text(204, "")},
		"delete, a body":  {method: "DELETE", path: "/1", contentType: jsonType, body: jsonBody, handler: object(200)},
		"post nothing":    {method: "POST", path: "/", handler: object(200)},
		"post a form":     {ways: notInvoke, method: "POST", path: "/", contentType: "application/x-www-form-urlencoded", body: url.Values{"a": {"ä&"}}.Encode(), handler: object(200)},
		"post text":       {ways: notInvoke, method: "POST", path: "/", contentType: "text/csv", body: "a;b\r\n", handler: object(200)},
		"post bytes":      {ways: byDirect, method: "POST", path: "/", contentType: "image/png", body: "\x89PNG\r\n\x1a\n\x00\xFF", handler: object(200)},
		"a body, no type": {ways: notInvoke, method: "POST", path: "/", body: "text", handler: object(200), host: func(want *exchange) { want.RequestHeader.Set("Content-Type", "text/plain;charset=UTF-8") }},
		"JSON, no type":   {ways: byInvoke, method: "POST", path: "/", body: jsonBody, handler: object(200), invoke: func(want *exchange) { want.RequestHeader.Set("Content-Type", jsonType) }},
		"head":            {ways: notInvoke, method: "HEAD", path: "/", handler: object(200)},
		"head, no length": {ways: notInvoke, method: "HEAD", path: "/", handler: func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() }},
		"options":         {ways: notInvoke, method: "OPTIONS", path: "/", handler: text(204, "")},
		"another method":  {ways: notInvoke, method: "PURGE", path: "/", handler: object(200)},
		"204":             {path: "/", handler: text(204, "")},
		"205":             {path: "/", handler: text(205, "")},
		"304": {ways: notInvoke, path: "/", header: http.Header{"If-None-Match": {`"1"`}}, handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"1"`)
			w.WriteHeader(304)
		}},
		"an empty 200":     {path: "/", handler: text(200, "")},
		"an unknown 2xx":   {path: "/", handler: object(299), host: noText, invoke: noText, directly: noText},
		"404, text":        {ways: notInvoke, path: "/", handler: text(404, "no such task\n")},
		"401":              {ways: notInvoke, path: "/", handler: object(401)},
		"422, JSON":        {path: "/", handler: object(422)},
		"500, JSON":        {path: "/", handler: object(500)},
		"503, retry after": {path: "/", handler: func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Retry-After", "3"); object(503)(w, r) }},
		"a large answer":   {path: "/", handler: text(200, `{"x":"`+strings.Repeat("ä", 1<<19)+`"}`), ways: allThree},
		"bytes":            {ways: notInvoke, path: "/", handler: text(200, "\x89PNG\r\n\x1a\n\x00\xFF")},
		"streamed": {path: "/", handler: func(w http.ResponseWriter, _ *http.Request) {
			for _, piece := range []string{`{"a":`, `1`, `}`} {
				_, _ = io.WriteString(w, piece)
				w.(http.Flusher).Flush()
			}
		}},
		"gzip": {ways: notInvoke, path: "/", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", jsonType)
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, strings.Repeat(" ", 1000)+`{}`)
			_ = z.Close()
		}},
		"an unknown coding": {ways: notInvoke, path: "/", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "aws-chunked")
			w.Header().Set("Content-Type", "application/x-chunks")
			_, _ = io.WriteString(w, "as it is")
		}},
		"header fields": {path: "/", header: http.Header{"X-One": {"1"}, "X-Empty": {""}, "If-Match": {`"a,b"`}, "x-lower": {"x"}}, handler: object(200)},
		"a repeated field": {path: "/", header: http.Header{"X-Two": {"1", "2"}}, handler: object(200),
			host: joined, invoke: joined, directly: joined},
		"a field in Latin-1": {ways: notInvoke, path: "/", header: http.Header{"X-Name": {"\xe4"}, "X-Utf": {"ä…"}}, handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Name", "\xe4")
			w.Header().Set("X-Utf", "ä…")
		}},
		"fields without values": {path: "/", header: http.Header{"X-Nil": nil}, handler: object(200)},
		"answer's fields": {path: "/", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Link"] = []string{"</a>; rel=next", "</b>; rel=prev"}
			w.Header().Set("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT")
			object(200)(w, r)
		}, host: joinedLink, directly: joinedLink},
		"cookies": {path: "/", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Set-Cookie"] = []string{"a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "b=2"}
			object(200)(w, r)
		}, host: noCookies, directly: noCookies},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			newRequest := func() *http.Request {
				var body io.Reader
				if tt.body != "" {
					body = strings.NewReader(tt.body)
				}
				r, err := http.NewRequestWithContext(t.Context(), tt.method, baseURL+tt.path, body)
				if err != nil {
					t.Fatal(err)
				}
				for name, values := range tt.header {
					r.Header[name] = values
				}
				if tt.contentType != "" {
					r.Header.Set("Content-Type", tt.contentType)
				}
				return r
			}
			handler := &recorder{Handler: tt.handler}
			server := httptest.NewServer(handler)
			defer server.Close()
			origin, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			toServer := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				moved := r.Clone(r.Context())
				moved.URL.Scheme, moved.URL.Host = origin.Scheme, origin.Host
				resp, err := toNetwork.RoundTrip(moved)
				if err == nil {
					resp.Request = r
				}
				return resp, err
			})}
			reference := do(t, toServer, handler, newRequest())

			for way, change := range map[string]func(*exchange){byHost: tt.host, byInvoke: tt.invoke, byDirect: tt.directly} {
				if tt.ways != "" && !strings.Contains(tt.ways, way) {
					continue
				}
				t.Run(way, func(t *testing.T) {
					want := reference
					want.RequestHeader, want.Header = reference.RequestHeader.Clone(), reference.Header.Clone()
					if change != nil {
						change(&want)
					}
					switch noBody := want.Method == "HEAD" || want.StatusCode == 204 || want.StatusCode == 304; {
					case noBody:
					case way == byDirect:
						want.Length = -1
					case !want.Uncompressed:
						want.Length = int64(len(want.Body))
					}
					got := do(t, clientOf(newHost(t, handler), way), handler, newRequest())
					for i, g := 0, reflect.ValueOf(got); i < g.NumField(); i++ {
						if w := reflect.ValueOf(want).Field(i).Interface(); !reflect.DeepEqual(g.Field(i).Interface(), w) {
							t.Errorf("%s is %.200q, by http.DefaultTransport %.200q", g.Type().Field(i).Name, g.Field(i).Interface(), w)
						}
					}
				})
			}
		})
	}
}

// A page sees repeated fields as one field, and so does a remote.
func joined(want *exchange) { want.RequestHeader["X-Two"] = []string{"1, 2"} }

func joinedLink(want *exchange) {
	want.Header["Link"] = []string{"</a>; rel=next, </b>; rel=prev"}
}

// A net/http server invents a text for an unknown status.
func noText(want *exchange) { want.Status = "299" }

func noCookies(want *exchange) { want.Header.Del("Set-Cookie") }

// roundTripper is an http.RoundTripper that is a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// transportOf returns the transport of a way to the host's remote.
func transportOf(h *host, way string) http.RoundTripper {
	switch way {
	case byInvoke:
		return by(h.client(), must(bridgehttp.NewInvokeTransport(bridgehttp.WithBaseURL(baseURL))))
	case byDirect:
		return by(h.direct(), must(bridgehttp.NewTransport("tasks-api", bridgehttp.WithBaseURL(baseURL))))
	}
	return by(h.client(), must(bridgehttp.NewTransport("tasks-api", bridgehttp.WithBaseURL(baseURL))))
}

func clientOf(h *host, way string) *http.Client {
	return &http.Client{Transport: transportOf(h, way)}
}
