package relay_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEventsArriveAtOnce(t *testing.T) {
	next := make(chan bool)
	r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		http.NewResponseController(w).Flush()
		for n := range 5 {
			<-next
			fmt.Fprintf(w, "data: %d\n\n", n)
			http.NewResponseController(w).Flush()
		}
	}))
	res, err := http.Get("http://" + r.Addr() + "/events?token=secret")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	began := reported.next(t)
	if began.Phase != "began" || !began.EventStream || began.Status != 200 || began.Path != "/events?token=…" {
		t.Errorf("reported at the begin: %+v", began)
	}
	in := bufio.NewReader(res.Body)
	for n := range 5 {
		next <- true
		line, err := in.ReadString('\n')
		if want := fmt.Sprintf("data: %d\n", n); line != want || err != nil {
			t.Fatalf("read %q, %v; want %q", line, err, want)
		}
		_, _ = in.ReadString('\n')
	}
	if e := reported.next(t); e.Phase != "ended" || e.Number != began.Number || e.ResponseBytes != 45 || e.Canceled {
		t.Errorf("reported at the end: %+v", e)
	}
}

// TestUploadsArriveAtOnce sends a byte only after the backend has confirmed the one before.
func TestUploadsArriveAtOnce(t *testing.T) {
	for _, c := range []struct{ name, framing, format, end string }{
		{"in chunks", "Transfer-Encoding: chunked", "1\r\n%c\r\n", "0\r\n\r\n"},
		{"with a length", "Content-Length: 5", "%c", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			read := make(chan byte)
			r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
				piece := make([]byte, 1)
				for {
					if _, err := io.ReadFull(r.Body, piece); err != nil {
						return
					}
					read <- piece[0]
				}
			}))
			client := dial(t, r.Addr())
			fmt.Fprintf(client, "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", c.framing)
			for _, piece := range []byte("hello") {
				fmt.Fprintf(client, c.format, piece)
				if got := receive(t, read); got != piece {
					t.Fatalf("the backend read %c, want %c", got, piece)
				}
			}
			_, _ = io.WriteString(client, c.end)
			if m := readAnswer(bufio.NewReader(client), "POST"); m.end != "" {
				t.Errorf("%+v", m)
			}
			if e := reported.next(t); e.RequestBytes != 5 {
				t.Errorf("reported: %+v", e)
			}
		})
	}
}

// TestBothDirectionsAtOnce reads each byte of the answer before it sends the next one.
func TestBothDirectionsAtOnce(t *testing.T) {
	r, _ := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		_ = control.EnableFullDuplex()
		piece := make([]byte, 1)
		for {
			if _, err := io.ReadFull(r.Body, piece); err != nil {
				return
			}
			_, _ = w.Write(piece)
			_ = control.Flush()
		}
	}))
	up, feed := io.Pipe()
	got := make(chan string, 1)
	answered := make(chan *http.Response, 1)
	go func() {
		res, err := http.Post("http://"+r.Addr(), "text/plain", up)
		if err != nil {
			t.Error(err)
		}
		answered <- res
	}()
	_, _ = feed.Write([]byte("a"))
	res := receive(t, answered)
	if res == nil {
		return
	}
	defer res.Body.Close()
	for _, next := range []string{"b", "c", ""} {
		piece := make([]byte, 1)
		if _, err := io.ReadFull(res.Body, piece); err != nil {
			t.Fatal(err)
		}
		got <- string(piece)
		<-got
		if next == "" {
			feed.Close()
			break
		}
		_, _ = feed.Write([]byte(next))
	}
	if rest, err := io.ReadAll(res.Body); len(rest) != 0 || err != nil {
		t.Errorf("then it read %q, %v", rest, err)
	}
}

// TestSlowReadersSlowWriters has one side read slowly while the other writes as fast as it can. Only the system's buffers
// may be between them.
func TestSlowReadersSlowWriters(t *testing.T) {
	const step, steps, ahead = 1 << 20, 128, 48 << 20
	check := func(t *testing.T, in io.Reader, written *atomic.Int64) {
		for n := int64(1); n <= steps; n++ {
			if _, err := io.CopyN(io.Discard, in, step); err != nil {
				t.Errorf("after %d MB: %v", n, err)
				return
			}
			if w := written.Load(); w > n*step+ahead {
				t.Errorf("%d MB were written when %d MB were read", w>>20, n)
				return
			}
		}
	}
	write := func(out io.Writer, written *atomic.Int64) {
		piece := make([]byte, 64<<10)
		for written.Load() < step*steps {
			n, err := out.Write(piece)
			written.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
	t.Run("an answer", func(t *testing.T) {
		var written atomic.Int64
		r, _ := forwarding(t, handle(t, func(w http.ResponseWriter, _ *http.Request) { write(w, &written) }))
		res, err := http.Get("http://" + r.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		check(t, res.Body, &written)
	})
	t.Run("an upload", func(t *testing.T) {
		var written atomic.Int64
		r, _ := forwarding(t, handle(t, func(_ http.ResponseWriter, r *http.Request) { check(t, r.Body, &written) }))
		up, feed := io.Pipe()
		go func() {
			write(feed, &written)
			feed.Close()
		}()
		res, err := http.Post("http://"+r.Addr(), "", up)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	})
}

func TestAClientThatLeavesIsNoticed(t *testing.T) {
	left := make(chan error)
	for _, c := range []struct {
		name, request string
		handler       http.HandlerFunc
	}{
		{"before the answer", plainRequest, nil},
		{"after a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }},
		{"within the answer", plainRequest, func(w http.ResponseWriter, _ *http.Request) { http.NewResponseController(w).Flush() }},
		{"within the answer, after its next request", plainRequest, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "data: more\n\n")
				http.NewResponseController(w).Flush()
			}
		}},
		{"by a chunk that is malformed", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nmalformed\r\n", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }},
		{"within a body with a length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\nhalf", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }},
		{"within a body in chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			arrived := make(chan bool)
			r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
				arrived <- true
				if c.handler != nil {
					c.handler(w, r)
				}
				<-r.Context().Done()
				left <- r.Context().Err()
			}))
			client := dial(t, r.Addr())
			_, _ = io.WriteString(client, c.request)
			receive(t, arrived)
			if strings.Contains(c.name, "within the answer") {
				if line, _, err := head(bufio.NewReader(client)); line != "HTTP/1.1 200 OK" || err != nil {
					t.Fatal(line, err)
				}
			}
			if strings.Contains(c.name, "next request") {
				// The server reads its first byte, and then it does not notice the end of the connection.
				_, _ = io.WriteString(client, plainRequest)
				_ = client.CloseWrite()
			}
			if !strings.Contains(c.name, "malformed") {
				client.Close()
			}
			receive(t, left)
			if e := reported.next(t); !e.Canceled || e.Problem != nil {
				t.Errorf("reported: %+v", e)
			}
		})
	}
}

// TestABackendIsLeftAfterANonsenseAnswer has the backend keep its connection open.
func TestABackendIsLeftAfterANonsenseAnswer(t *testing.T) {
	ended := make(chan error, 1)
	r, _ := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		c, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, "nonsense\r\n\r\n")
		_, err = io.Copy(io.Discard, buffered)
		ended <- err
	}))
	if m := ask(t, r.Addr(), plainRequest); m.line != "" || m.end != "broken" {
		t.Errorf("%+v", m)
	}
	receive(t, ended)
}
