package remote

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestEventText(t *testing.T) {
	most := strings.Repeat("x", maxEvent-len("data: \n\n"))
	for _, tt := range []struct {
		name  string
		event Event
		want  string // if it begins with "!", an error with the rest
	}{
		{"data", Event{Data: "a"}, "data: a\n\n"},
		{"all fields", Event{ID: "7", Type: "added", Data: "a", Retry: 1500 * time.Millisecond}, "id: 7\nretry: 1500\nevent: added\ndata: a\n\n"},
		{"an id alone", Event{ID: "7"}, "id: 7\n\n"},
		{"a short wait", Event{Data: "a", Retry: 1}, "retry: 1\ndata: a\n\n"},
		{"a wait alone", Event{Retry: time.Second}, "retry: 1000\n\n"},
		{"a type without data", Event{Type: "added"}, "event: added\ndata: \n\n"},
		{"lines", Event{Data: "a\nb\r\nc\rd\n"}, "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n"},
		{"what looks like a field", Event{Data: "a\nid: 8"}, "data: a\ndata: id: 8\n\n"},
		{"spaces at the start", Event{Data: "  a"}, "data:   a\n\n"},
		{"the largest", Event{Data: most}, "data: " + most + "\n\n"},
		{"too large", Event{Data: most + "x"}, "!more than 1048576 bytes"},
		{"many lines", Event{Data: strings.Repeat("\n", maxEvent/2)}, "!more than 1048576 bytes"},
		{"much too large", Event{Type: most, Data: most}, "!more than 1048576 bytes"},
		{"nothing", Event{}, "!no field"},
		{"an id with a line break", Event{ID: "7\ndata: x"}, "!ID"},
		{"an id with a carriage return", Event{ID: "7\r"}, "!ID"},
		{"an id with a zero byte", Event{ID: "7\x00"}, "!zero byte"},
		{"a type with a line break", Event{Type: "a\n\n"}, "!Type"},
		{"no UTF-8", Event{Data: "\xff"}, "!UTF-8"},
		{"an id that is not UTF-8", Event{ID: "\xff"}, "!UTF-8"},
		{"a negative wait", Event{Data: "a", Retry: -1}, "!negative"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.event.text()
			if want, isError := strings.CutPrefix(tt.want, "!"); isError {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v; want one with %q", err, want)
				}
			} else if err != nil || got != tt.want {
				t.Errorf("%.100q, %v; want %.100q", got, err, tt.want)
			}
		})
	}
}

// eventServer serves a stream of events to connections in memory, in a bubble.
type eventServer struct {
	t      *testing.T
	conns  chan net.Conn
	closed chan struct{}
	ended  chan error // what ServeEvents returned
}

func newEventServer(t *testing.T, send func(ctx context.Context, stream *EventStream) error, opts ...EventOption) *eventServer {
	s := &eventServer{t: t, conns: make(chan net.Conn), closed: make(chan struct{}), ended: make(chan error, 10)}
	server := &http.Server{
		// Deadlines that are shorter than the stream.
		ReadTimeout: 2 * time.Second, WriteTimeout: 2 * time.Second,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.ended <- ServeEvents(w, r, send, opts...)
		}),
	}
	go server.Serve(s)
	t.Cleanup(func() {
		server.Close()
		time.Sleep(time.Second) // the server waits before it closes a connection whose client may still send
	})
	return s
}

func (s *eventServer) Accept() (net.Conn, error) {
	select {
	case conn := <-s.conns:
		return conn, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *eventServer) Close() error   { close(s.closed); return nil }
func (s *eventServer) Addr() net.Addr { return &net.TCPAddr{} }

// open sends a request. The caller closes the connection, or reads the body to its end.
func (s *eventServer) open(method string, headers ...string) (*http.Response, net.Conn) {
	s.t.Helper()
	here, there := net.Pipe()
	s.conns <- there
	r, err := http.NewRequest(method, "http://remote.invalid/events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	if err := r.Write(here); err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(here), r)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, here
}

// wait returns when ctx ends.
func wait(ctx context.Context, _ *EventStream) error { <-ctx.Done(); return nil }

func TestServeEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failure := errors.New("the database is closed")
		s := newEventServer(t, func(ctx context.Context, stream *EventStream) error {
			if err := stream.Send(Event{ID: "a\n", Data: "x"}); err == nil || ctx.Err() != nil {
				t.Errorf("an invalid event: %v, %v; want an error, and the stream goes on", err, ctx.Err())
			}
			if err := stream.Send(Event{ID: "1", Data: "a"}); err != nil {
				return err
			}
			time.Sleep(3 * time.Second) // longer than the server's deadlines
			if err := stream.Send(Event{ID: "2", Data: "b"}); err != nil {
				return err
			}
			return failure
		})
		resp, conn := s.open(http.MethodGet)
		defer conn.Close()
		for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
			if got := resp.Header.Get(name); got != want || resp.StatusCode != http.StatusOK {
				t.Errorf("%s, %s = %q; want 200 and %q", resp.Status, name, got, want)
			}
		}
		if !resp.Close {
			t.Error("the connection is used again, with the stream's deadline")
		}
		body, err := io.ReadAll(resp.Body)
		if want := "id: 1\ndata: a\n\nid: 2\ndata: b\n\n"; err != nil || string(body) != want {
			t.Errorf("%q, %v; want %q", body, err, want)
		}
		if err := <-s.ended; !errors.Is(err, failure) {
			t.Errorf("ServeEvents: %v; want the function's error", err)
		}
	})
}

// A quiet stream has heartbeats until its lifetime is over.
func TestServeEventsHeartbeatAndLifetime(t *testing.T) {
	for _, tt := range []struct {
		name       string
		opts       []EventOption
		beat, life time.Duration
	}{
		{"default", nil, 15 * time.Second, 5 * time.Minute},
		{"own", []EventOption{WithEventHeartbeat(time.Second), WithEventLifetime(10 * time.Second)}, time.Second, 10 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newEventServer(t, wait, tt.opts...)
				began := time.Now()
				resp, _ := s.open(http.MethodGet)
				body, err := io.ReadAll(resp.Body)
				if took := time.Since(began); err != nil || took != tt.life {
					t.Errorf("the stream ended after %v, %v; want %v", took, err, tt.life)
				}
				// The last heartbeat and the end come at the same time.
				most := int(tt.life / tt.beat)
				if n := strings.Count(string(body), ":\n\n"); n != most && n != most-1 || len(body) != 3*n {
					t.Errorf("%d heartbeats in %q; want %d or %d", n, body, most-1, most)
				}
				if err := <-s.ended; err != nil {
					t.Errorf("ServeEvents: %v; want nil", err)
				}
			})
		})
	}
}

func TestServeEventsToReaderThatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEventServer(t, func(ctx context.Context, stream *EventStream) error {
			<-ctx.Done()
			return stream.Send(Event{Data: "too late"})
		})
		began := time.Now()
		_, conn := s.open(http.MethodGet)
		conn.Close()
		if err := <-s.ended; err != nil || time.Since(began) != 0 {
			t.Errorf("ServeEvents: %v after %v; want nil at once", err, time.Since(began))
		}
	})
}

func TestServeEventsToReaderThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent error
		s := newEventServer(t, func(ctx context.Context, stream *EventStream) error {
			for sent == nil {
				sent = stream.Send(Event{Data: strings.Repeat("x", 1<<10)})
			}
			return sent
		})
		began := time.Now()
		_, conn := s.open(http.MethodGet)
		defer conn.Close()
		if err := <-s.ended; err != nil || !errors.Is(sent, os.ErrDeadlineExceeded) {
			t.Errorf("ServeEvents: %v, Send: %v; want nil and the write's timeout", err, sent)
		}
		if took := time.Since(began); took != eventWriteTime {
			t.Errorf("the stream ended after %v; want %v", took, eventWriteTime)
		}
	})
}

// The heartbeat does not use the ResponseWriter any more after a panic.
func TestServeEventsPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := httptest.NewRecorder()
		func() {
			defer func() {
				if got := recover(); got != "broken" {
					t.Errorf("recovered %v; want the function's panic", got)
				}
			}()
			_ = ServeEvents(w, httptest.NewRequest(http.MethodGet, "/", nil), func(context.Context, *EventStream) error { panic("broken") })
		}()
		time.Sleep(time.Hour)
		if w.Body.Len() > 0 {
			t.Errorf("%q was written after the panic", w.Body)
		}
	})
}

// slowWriter waits before each write of data.
type slowWriter struct {
	*httptest.ResponseRecorder
	writes chan struct{}
}

func (w slowWriter) Write(data []byte) (int, error) {
	if len(data) > 0 {
		<-w.writes
	}
	return w.ResponseRecorder.Write(data)
}

// A handler may write after ServeEvents has returned, so the stream must not write any more then.
func TestSendWhileServeEventsReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slowWriter{httptest.NewRecorder(), make(chan struct{})}
		sent, returned := make(chan error, 3), make(chan error, 1)
		var kept *EventStream
		go func() {
			returned <- ServeEvents(w, httptest.NewRequest(http.MethodGet, "/", nil), func(_ context.Context, stream *EventStream) error {
				kept = stream
				for range 2 {
					go func() { sent <- stream.Send(Event{Data: "a"}) }()
				}
				synctest.Wait() // until one writes and the other waits
				return nil
			})
		}()
		if err := <-sent; !errors.Is(err, context.Canceled) {
			t.Errorf("the Send that waits returned %v", err)
		}
		synctest.Wait()
		if len(returned) > 0 {
			t.Error("ServeEvents has returned during a write")
		}
		w.writes <- struct{}{}
		if err := <-returned; err != nil {
			t.Error(err)
		}
		if err := <-sent; err != nil {
			t.Errorf("the Send that writes returned %v", err)
		}
		if err := kept.Send(Event{Data: "b"}); !errors.Is(err, context.Canceled) {
			t.Errorf("Send after the end returned %v", err)
		}
		if got := w.Body.String(); got != "data: a\n\n" {
			t.Errorf("the reader gets %q", got)
		}
	})
}

func TestLastID(t *testing.T) {
	for _, tt := range []struct {
		name    string
		headers []string
		want    string
		ok      bool
	}{
		{"none", nil, "", false},
		{"one", []string{"7"}, "7", true},
		{"an empty one", []string{""}, "", true},
		{"two", []string{"7", "8"}, "7, 8", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header["Last-Event-Id"] = tt.headers
			err := ServeEvents(httptest.NewRecorder(), r, func(_ context.Context, stream *EventStream) error {
				if got, ok := stream.LastID(); got != tt.want || ok != tt.ok {
					t.Errorf("%q, %t; want %q, %t", got, ok, tt.want, tt.ok)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServeEventsHead(t *testing.T) {
	w := httptest.NewRecorder()
	err := ServeEvents(w, httptest.NewRequest(http.MethodHead, "/", nil), func(context.Context, *EventStream) error {
		t.Error("a HEAD request got a stream")
		return nil
	})
	if err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/event-stream" {
		t.Errorf("%v, %d, %v; want 200 and the header of a stream", err, w.Code, w.Header())
	}
}

// wrapper hides the other methods of a ResponseWriter, as careless middleware does.
type wrapper struct{ http.ResponseWriter }

// unwrapper is a wrapper for http.ResponseController.
type unwrapper struct{ wrapper }

func (w unwrapper) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestServeEventsCannotBegin(t *testing.T) {
	recorder := httptest.NewRecorder()
	for _, tt := range []struct {
		name string
		w    http.ResponseWriter
		opts []EventOption
		want string
	}{
		{"no heartbeat", recorder, []EventOption{WithEventHeartbeat(0)}, "heartbeat is 0s"},
		{"no lifetime", recorder, []EventOption{WithEventLifetime(-time.Second)}, "lifetime is -1s"},
		{"a nil option", recorder, []EventOption{nil}, "option 1 is nil"},
		{"a writer that cannot flush", wrapper{recorder}, nil, "Unwrap"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			*recorder = *httptest.NewRecorder()
			err := ServeEvents(tt.w, httptest.NewRequest(http.MethodGet, "/", nil), wait, tt.opts...)
			if err == nil || !strings.Contains(err.Error(), tt.want) || recorder.Code != http.StatusInternalServerError {
				t.Errorf("%v, status %d; want an error with %q and 500", err, recorder.Code, tt.want)
			}
		})
	}
	err := ServeEvents(unwrapper{wrapper{httptest.NewRecorder()}}, httptest.NewRequest(http.MethodGet, "/", nil), func(context.Context, *EventStream) error { return nil })
	if err != nil {
		t.Errorf("a wrapper with Unwrap: %v", err)
	}
}
