package remote

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// discard is a ResponseWriter that drops the body.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

// A request may have a header of a megabyte, the most that net/http accepts. Once it has been read, it must not take
// more memory than a short one. Only the last request has a valid token.
func TestLongHeadersUseLittleMemory(t *testing.T) {
	const size = 1 << 20
	lines := slices.Repeat([]string{"x"}, size/4)
	long := strings.Repeat("x", size)
	preflight := func(asked ...string) *http.Request {
		return &http.Request{Method: http.MethodOptions, URL: &url.URL{Path: "/"}, Header: http.Header{
			"Origin": {site}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": asked,
		}}
	}
	get := func(name string, values ...string) *http.Request {
		return &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: http.Header{name: values}}
	}
	post := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: "/"}, Header: authorized(fit(nil)), Body: http.NoBody}
	post.Header.Set("Content-Type", "application/json"+strings.Repeat(";a=b", size/4))

	x := exchangeOf(t, newVerifier(t, WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))))
	handler := x.Handler(x)
	for _, tt := range []struct {
		name    string
		request *http.Request
		status  int
	}{
		{"a preflight with commas", preflight(strings.Repeat(",", size)), 431},
		{"a preflight with a long name", preflight(long), 431},
		{"a preflight with many names", preflight(strings.Repeat("x,", size/2)), 431},
		{"a preflight with many lines", preflight(lines...), 431},
		{"a preflight at the limit", preflight(strings.Repeat("x,", maxCORSBytes/2-1)), 204},
		{"a long origin", get("Origin", "https://"+long), 403},
		{"a long origin on an allowed site", get("Origin", "https://"+long+".atlassian.net"), 403},
		{"many origins", get("Origin", lines...), 403},
		{"a long token", get("Authorization", "Bearer "+long), 401},
		{"a token of dots", get("Authorization", "Bearer "+strings.Repeat(".", size)), 401},
		{"a token of spaces", get("Authorization", "Bearer "+strings.Repeat(" ", size)), 401},
		{"a long scheme", get("Authorization", long+" x"), 401},
		{"many tokens", get("Authorization", lines...), 401},
		{"a long trace", get("X-B3-Traceid", long), 401},
		{"a long path", &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/" + long}, Header: http.Header{}}, 401},
		{"a long query", &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/", RawQuery: long}, Header: http.Header{}}, 401},
		{"a long method", &http.Request{Method: long, URL: &url.URL{Path: "/"}, Header: http.Header{}}, 401},
		{"a good token and a content type with many parameters", post, 415},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const runs = 20
			var before, after runtime.MemStats
			w := &discard{}
			runtime.ReadMemStats(&before)
			for range runs {
				w.header = http.Header{}
				handler.ServeHTTP(w, tt.request)
			}
			runtime.ReadMemStats(&after)
			if w.status != tt.status {
				t.Errorf("status %d; want %d", w.status, tt.status)
			}
			// Most of this memory is for the good token, and for the small strings of a header with 4 KB of names.
			if got, most := (after.TotalAlloc-before.TotalAlloc)/runs, uint64(64<<10); got > most {
				t.Errorf("a request allocates %d bytes; want at most %d", got, most)
			}
		})
	}
}

// serveKind is the environment variable that makes the test program a server for [BenchmarkPreflightFlood].
const serveKind = "FORGEGO_TEST_SERVE"

func TestMain(m *testing.M) {
	if kind := os.Getenv(serveKind); kind != "" {
		serve(kind)
		return
	}
	os.Exit(m.Run())
}

// serve answers preflights until standard input ends. Then it prints how many bytes it has requested from the operating
// system. This is its maximum, because the runtime also counts memory that it has returned.
func serve(kind string) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type")
		w.WriteHeader(http.StatusNoContent)
	})
	if kind == "ours" {
		verifier, err := New(testApp)
		if err != nil {
			panic(err)
		}
		handler = verifier.Handler(http.NotFoundHandler())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, handler)
	fmt.Println(listener.Addr())
	io.Copy(io.Discard, os.Stdin)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println(stats.Sys)
}

// flood opens 100 connections, sends a preflight with a header of almost 1 MiB on each, and ends them together, twice.
// It starts a server of this kind in its own process, and returns the memory that the server needed, in bytes.
func flood(b *testing.B, kind, asked string) float64 {
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), serveKind+"="+kind)
	input, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	pipe, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	output := bufio.NewReader(pipe)
	var address string
	if _, err := fmt.Fscanln(output, &address); err != nil {
		b.Fatal(err)
	}
	head := []byte("OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: " + site + "\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n" +
		"Access-Control-Request-Headers: " + asked)
	for range 2 {
		var connections, sent sync.WaitGroup
		sent.Add(100)
		for range 100 {
			connections.Go(func() {
				conn, err := net.DialTimeout("tcp", address, time.Minute)
				if err == nil {
					defer conn.Close()
					conn.SetDeadline(time.Now().Add(time.Minute))
					_, err = conn.Write(head)
				}
				sent.Done()
				sent.Wait()
				if err == nil {
					_, err = conn.Write([]byte("\r\n\r\n"))
				}
				if err == nil {
					var resp *http.Response
					if resp, err = http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
						resp.Body.Close()
						if resp.StatusCode != http.StatusNoContent && (kind == "plain" || len(asked) <= maxCORSBytes || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge) {
							err = fmt.Errorf("status %s", resp.Status)
						}
					}
				}
				if err != nil {
					b.Error(err)
				}
			})
		}
		connections.Wait()
	}
	input.Close()
	var bytes float64
	if _, err := fmt.Fscanln(output, &bytes); err != nil {
		b.Error(err)
	}
	if err := server.Wait(); err != nil {
		b.Error(err)
	}
	return bytes
}

// BenchmarkPreflightFlood compares the memory of two servers while 100 strangers send the largest preflights that
// net/http accepts. The handler of one is [Verifier.Handler]; that of the other only answers. Each server runs in five
// processes, in turn. The medians are compared, because the memory depends on when the runtime collects garbage.
//
//	go test -run '^$' -bench PreflightFlood -benchtime 1x ./remote
func BenchmarkPreflightFlood(b *testing.B) {
	const size, most = 1<<20 - 1<<10, 1.5
	for _, tt := range []struct{ name, asked string }{
		{"commas", strings.Repeat(",", size)},
		{"one name", strings.Repeat("x", size)},
		{"short names", strings.Repeat("x,", size/2)},
		{"lines", strings.Repeat("x\r\nAccess-Control-Request-Headers: ", size/35)},
	} {
		b.Run(tt.name, func(b *testing.B) {
			for b.Loop() {
				var runs [2][]float64
				for range 5 {
					runs[0] = append(runs[0], flood(b, "plain", tt.asked))
					runs[1] = append(runs[1], flood(b, "ours", tt.asked))
				}
				plain, ours := median(runs[0]), median(runs[1])
				b.ReportMetric(plain/1e6, "plain-MB")
				b.ReportMetric(ours/1e6, "ours-MB")
				b.ReportMetric(ours/plain, "ours/plain")
				if ours > most*plain {
					b.Errorf("the handler takes %.2f times the memory of a plain one; want at most %.1f", ours/plain, most)
				}
			}
		})
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
