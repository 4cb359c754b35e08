package relay_test

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

var discard = log.New(io.Discard, "", 0)

// raw starts a backend that reads one request of each connection, sends it to seen, and answers with fixed bytes. Then it
// closes the connection.
func raw(t testing.TB, answer string) (addr string, seen chan message) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	seen = make(chan message, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				seen <- readRequest(bufio.NewReader(c))
				_, _ = io.WriteString(c, answer)
			}()
		}
	}()
	return l.Addr().String(), seen
}

// ask sends the bytes of a request and reads the answer.
func ask(t testing.TB, addr, request string) message {
	t.Helper()
	c := dial(t, addr)
	defer c.Close()
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(request, " ")
	return readAnswer(bufio.NewReader(c), method)
}

const (
	plainRequest = "GET / HTTP/1.1\r\nHost: tasks.example\r\n\r\n"
	plainAnswer  = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
)

func get(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: tasks.example\r\n\r\n" }

func fields(fields string) string {
	return "GET / HTTP/1.1\r\nHost: tasks.example\r\n" + fields + "\r\n"
}

// TestSameAsDirect sends the same bytes to a backend directly and through the relay. Both sides must see the same.
func TestSameAsDirect(t *testing.T) {
	for _, c := range []struct{ name, request, answer string }{
		{"a plain request", plainRequest, plainAnswer},

		{"a target with escapes, two slashes, dots and a semicolon", get("/a%2Fb//c/../d;x"), ""},
		{"a target that begins with two slashes", get("//host/path"), ""},
		{"a target with three slashes", get("///a"), ""},
		{"escapes in lower case, and of letters", get("/%2f%41%7e"), ""},
		{"characters that Go would escape", get("/a|b^c\"d[e]{f}"), ""},
		{"UTF-8 that is not escaped", get("/käse?ä=ö"), ""},
		{"a query with a lone % and semicolons", get("/?a=%&b=%zz;c=1;&&d"), ""},
		{"an empty query", get("/path?"), ""},
		{"two question marks", get("/path??a?b"), ""},
		{"a query with spaces as plus and %20", get("/?a=b+c%20d"), ""},
		{"a long query", get("/?q=" + strings.Repeat("x", 100_000)), ""},
		{"OPTIONS for the whole server", "OPTIONS * HTTP/1.1\r\nHost: tasks.example\r\n\r\n", ""},
		{"a target with a host", get("http://tasks.example/path?q"), ""},

		{"no User-Agent and no Accept-Encoding", fields("Accept: */*\r\n"), ""},
		{"User-Agent, Accept-Encoding, Cookie", fields("User-Agent: Test/1\r\nAccept-Encoding: gzip, br\r\nCookie: a=b; c=d\r\n"), ""},
		{"an empty User-Agent", fields("User-Agent:\r\n"), ""},
		{"forwarding header fields of the client", fields("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Host: a\r\nX-Forwarded-Proto: https\r\nForwarded: for=192.0.2.1\r\n"), ""},
		{"a name that comes twice, and an empty value", fields("X-Two: a\r\nX-Two: b, c\r\nX-Empty:\r\n"), ""},
		{"header fields of 256 KB", fields("Authorization: Bearer " + strings.Repeat("x", 256<<10) + "\r\n"), ""},
		{"hundreds of header fields", fields(strings.Repeat("X-Many: value\r\n", 400)), ""},
		{"Host with a port", "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n", ""},
		{"Host of another site", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", ""},
		{"header fields of a preflight request", "OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: authorization,content-type\r\n\r\n", ""},
		{"Pragma with Cache-Control", fields("Pragma: no-cache\r\nCache-Control: max-age=0\r\n"), ""},

		{"a body with a length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}", ""},
		{"a body in chunks", "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", ""},
		{"an empty body in chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""},
		{"a body in chunks of a GET request", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", ""},
		{"a body with trailers", "POST / HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum, X-Other\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\nX-Other: b\r\n\r\n", ""},
		{"a GET request with a body", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", ""},
		{"a DELETE request with a body", "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", ""},
		{"POST with an empty body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ""},
		{"POST without a body", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", ""},
		{"DELETE with an empty body", "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ""},
		{"a method of one's own", "brew /pot HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", ""},
		{"a compressed body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00", ""},

		{"an answer without Date and Content-Type", plainRequest, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html><p>hello\n"},
		{"an answer with Date and Server", plainRequest, "HTTP/1.1 200 OK\r\nDate: yesterday\r\nServer: test\r\nContent-Length: 0\r\n\r\n"},
		{"an empty Content-Type", plainRequest, "HTTP/1.1 200 OK\r\nContent-Type:\r\nContent-Length: 2\r\n\r\nhi"},
		{"a reason of one's own", plainRequest, "HTTP/1.1 200 Done well\r\nContent-Length: 2\r\n\r\nhi"},
		{"a reason that is empty", plainRequest, "HTTP/1.1 404 \r\nContent-Length: 2\r\n\r\nhi"},
		{"a reason that is not ASCII", plainRequest, "HTTP/1.1 409 schön\r\nContent-Length: 2\r\n\r\nhi"},
		{"a status without a name", plainRequest, "HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nhi"},
		{"a status without a name and a reason", plainRequest, "HTTP/1.1 299 \r\nContent-Length: 2\r\n\r\nhi"},
		{"a reason and a head of 20 KB", plainRequest, "HTTP/1.1 200 Large\r\nX-Large: " + strings.Repeat("x", 20_000) + "\r\nContent-Length: 2\r\n\r\nhi"},
		{"a head of 256 KB", plainRequest, "HTTP/1.1 200 OK\r\nX-Large: " + strings.Repeat("x", 256<<10) + "\r\nContent-Length: 2\r\n\r\nhi"},
		{"a redirect", plainRequest, "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"},
		{"an error", plainRequest, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops"},
		{"cookies, and a name that comes twice", plainRequest, "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nVary: a\r\nVary: b\r\nContent-Length: 0\r\n\r\n"},
		{"CORS header fields", plainRequest, "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: x-a\r\nContent-Length: 0\r\n\r\n"},
		{"a compressed answer", fields("Accept-Encoding: gzip\r\n"), "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"},
		{"a compressed answer that nobody asked for", plainRequest, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"},
		{"an answer in chunks", plainRequest, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"},
		{"an empty answer in chunks", plainRequest, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"an answer with trailers", plainRequest, "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n"},
		{"an answer with a trailer that its head does not name", plainRequest, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n"},
		{"an answer that ends with the connection", plainRequest, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi"},
		{"an answer of HTTP/1.1 without a body", plainRequest, "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"},
		{"304 with a length", plainRequest, "HTTP/1.1 304 Not Modified\r\nEtag: \"a\"\r\n\r\n"},
		{"HEAD with a length", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n"},
		{"HEAD without a length", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nX-A: b\r\n\r\n"},
		{"early hints", plainRequest, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"},

		{"no answer", plainRequest, "-"},
		{"half of a head", plainRequest, "HTTP/1.1 200 OK\r\nContent-Le"},
		{"half of a body with a length", plainRequest, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"},
		{"half of a body in chunks", plainRequest, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n"},
		{"hints, then no answer", plainRequest, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			switch c.answer {
			case "":
				c.answer = plainAnswer
			case "-":
				c.answer = ""
			}
			addr, seen := raw(t, c.answer)
			r, _ := forwarding(t, addr)
			direct := ask(t, addr, c.request)
			asDirect := receive(t, seen)
			relayed := ask(t, r.Addr(), c.request)
			asRelayed := receive(t, seen)
			if !reflect.DeepEqual(direct, relayed) {
				t.Errorf("the client sees\n%.2000s\ninstead of\n%.2000s", fmt.Sprintf("%+v", relayed), fmt.Sprintf("%+v", direct))
			}
			if !reflect.DeepEqual(asDirect, asRelayed) {
				t.Errorf("the backend sees\n%.2000s\ninstead of\n%.2000s", fmt.Sprintf("%+v", asRelayed), fmt.Sprintf("%+v", asDirect))
			}
			if len(seen) > 0 {
				t.Error("the backend got the request twice")
			}
		})
	}
}

// TestSameAsGoBackend compares what a Go handler and Go's client see.
func TestSameAsGoBackend(t *testing.T) {
	for _, c := range []struct {
		name    string
		request func(base string) (*http.Request, error)
		handler http.HandlerFunc
	}{
		{"a small answer", getRequest, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hi") }},
		{"nothing at all", getRequest, func(http.ResponseWriter, *http.Request) {}},
		{"http.Error", getRequest, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) }},
		{"a redirect", getRequest, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/b", http.StatusFound) }},
		{"a large answer", getRequest, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 1<<20)) }},
		{"a flush without a body", getRequest, func(w http.ResponseWriter, _ *http.Request) { http.NewResponseController(w).Flush() }},
		{"a panic", getRequest, func(http.ResponseWriter, *http.Request) { panic("a test") }},
		{"a panic within the body", getRequest, func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "begin")
			http.NewResponseController(w).Flush()
			panic("a test")
		}},
		{"a body that is not read", func(base string) (*http.Request, error) {
			return http.NewRequest("POST", base, strings.NewReader(strings.Repeat("x", 100_000)))
		}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusRequestEntityTooLarge) }},
		{"Expect: 100-continue", func(base string) (*http.Request, error) {
			r, err := http.NewRequest("POST", base, strings.NewReader("body"))
			r.Header.Set("Expect", "100-continue")
			return r, err
		}, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr := handle(t, c.handler)
			r, _ := forwarding(t, addr)
			see := func(addr string) string {
				request, err := c.request("http://" + addr + "/")
				if err != nil {
					t.Fatal(err)
				}
				request.Host = "tasks.example"
				// The request does not ask to close the connection: then Go's server does not read the rest of a body, and the
				// reset of the connection may overtake the answer.
				var connection http.Transport
				defer connection.CloseIdleConnections()
				res, err := connection.RoundTrip(request)
				if err != nil {
					return "broken"
				}
				defer res.Body.Close()
				body, err := io.ReadAll(res.Body)
				res.Header.Del("Date")
				return fmt.Sprint(res.Status, res.Header, res.ContentLength, len(body), string(body[:min(len(body), 100)]), outcome(err))
			}
			if direct, relayed := see(addr), see(r.Addr()); direct != relayed {
				t.Errorf("the client sees %s\ninstead of %s", relayed, direct)
			}
		})
	}
}

func getRequest(base string) (*http.Request, error) { return http.NewRequest("GET", base, nil) }
