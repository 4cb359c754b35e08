//go:build !tinygo

package bridge

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

func TestEventStream(t *testing.T) {
	tests := map[string]struct {
		stream string
		want   []Event
	}{
		"message":                 {"data: hello\n\n", []Event{{Type: "message", Data: "hello"}}},
		"lines joined":            {"data: a\ndata\ndata:  b\n\n", []Event{{Type: "message", Data: "a\n\n b"}}},
		"type and id":             {"event: change\nid: 7\ndata: x\n\ndata: y\n\n", []Event{{"7", "change", "x"}, {"7", "message", "y"}}},
		"no space":                {"data:x\n\n", []Event{{Type: "message", Data: "x"}}},
		"colon in value":          {"data: a: b\n\n", []Event{{Type: "message", Data: "a: b"}}},
		"comment":                 {": ping\n\ndata: x\n\n", []Event{{Type: "message", Data: "x"}}},
		"unknown field":           {"foo: bar\ndata: x\n\n", []Event{{Type: "message", Data: "x"}}},
		"no data, no event":       {"event: a\n\ndata: x\n\n", []Event{{Type: "message", Data: "x"}}},
		"id without data lasts":   {"id: 1\n\ndata: x\n\n", []Event{{"1", "message", "x"}}},
		"empty id resets":         {"id: 1\ndata: x\n\nid\ndata: y\n\n", []Event{{"1", "message", "x"}, {"", "message", "y"}}},
		"id with NUL is ignored":  {"id: 1\x00\ndata: x\n\n", []Event{{"", "message", "x"}}},
		"empty data":              {"data\n\n", []Event{{Type: "message"}}},
		"carriage returns":        {"data: a\rdata: b\r\rdata: c\r\n\r\n", []Event{{Type: "message", Data: "a\nb"}, {Type: "message", Data: "c"}}},
		"byte order mark":         {"\uFEFFdata: x\n\n", []Event{{Type: "message", Data: "x"}}},
		"unfinished event":        {"data: x\n\ndata: y\n", []Event{{Type: "message", Data: "x"}}},
		"unfinished line":         {"data: x\n\ndata: y", []Event{{Type: "message", Data: "x"}}},
		"several blank lines":     {"\n\n\ndata: x\n\n\n\n", []Event{{Type: "message", Data: "x"}}},
		"field names by the case": {"Data: a\ndata: x\n\n", []Event{{Type: "message", Data: "x"}}},
	}
	for name, tt := range tests {
		for way, reader := range map[string]io.Reader{"at once": strings.NewReader(tt.stream), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.stream))} {
			t.Run(name+", "+way, func(t *testing.T) {
				var got []Event
				stream := eventStream{retry: defaultRetry}
				more := stream.read(reader, func(e Event, err error) bool {
					got = append(got, e)
					return err == nil
				})
				if !reflect.DeepEqual(got, tt.want) || !more {
					t.Errorf("got %+v, want %+v", got, tt.want)
				}
			})
		}
	}
}

func TestEventStreamDoesNotWaitForTheLineFeed(t *testing.T) {
	r, w := io.Pipe()
	got := make(chan Event)
	go func() {
		stream := eventStream{}
		stream.read(r, func(e Event, _ error) bool { got <- e; return true })
		close(got)
	}()
	_, _ = w.Write([]byte("data: x\r\r"))
	if e := <-got; e.Data != "x" {
		t.Errorf("got %+v", e)
	}
	_ = w.Close()
	<-got
}

func TestEventStreamBoundsLines(t *testing.T) {
	body := &Response{Status: 200, Header: Header{"Content-Type": {"text/event-stream"}}, Body: newBody([]byte("data: " + strings.Repeat("x", 2<<20) + "\n\n"))}
	var got error
	for _, err := range Events(t.Context(), body) {
		got = err
	}
	if !errors.Is(got, ErrInvalidResponse) {
		t.Errorf("got %v, want ErrInvalidResponse", got)
	}
}

func TestEventStreamRetry(t *testing.T) {
	for stream, want := range map[string]time.Duration{
		"retry: 2500\n": 2500 * time.Millisecond, "retry: x\n": defaultRetry, "retry: -1\n": defaultRetry, "retry:\n": defaultRetry,
		"retry: +5\n": defaultRetry, "retry: 0\n": 10 * time.Millisecond, "retry: 99999999999\n": defaultRetry,
	} {
		s := eventStream{retry: defaultRetry}
		s.read(strings.NewReader(stream), nil)
		if s.retry != want {
			t.Errorf("%q: %v, want %v", stream, s.retry, want)
		}
	}
}

// answer is what a reopened stream gets.
type answer struct {
	status int
	body   string
	err    error
}

// eventsOf plays a stream and its successors, and gives the events, the error, and what each reopening asked for.
func eventsOf(ctx context.Context, first answer, next ...answer) (got []Event, ids []string, err error) {
	var response func(a answer) *Response
	reopen := func(_ context.Context, lastID string) (*Response, error) {
		ids = append(ids, lastID)
		a := next[0]
		next = next[1:]
		if a.err != nil {
			return nil, a.err
		}
		return response(a), nil
	}
	response = func(a answer) *Response {
		return &Response{Status: a.status, Header: Header{"Content-Type": {"text/event-stream; charset=utf-8"}},
			Body: io.NopCloser(strings.NewReader(a.body)), op: "requestRemote", reopen: reopen}
	}
	for e, eventErr := range Events(ctx, response(first)) {
		if err = eventErr; err == nil {
			got = append(got, e)
		}
	}
	return got, ids, err
}

func TestEventsReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		got, ids, err := eventsOf(t.Context(),
			answer{status: 200, body: "id: 1\ndata: a\n\nretry: 2000\n"},
			answer{status: 200, body: "id: 2\ndata: b\n\n"},
			answer{err: &Error{Op: "requestRemote", Err: ErrNetwork}},
			answer{status: 503},
			answer{status: 429},
			answer{status: 200, body: "data: c\n\n"},
			answer{status: 204},
		)
		if want := []Event{{"1", "message", "a"}, {"2", "message", "b"}, {"2", "message", "c"}}; !reflect.DeepEqual(got, want) || err != nil {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		if want := []string{"1", "2", "2", "2", "2", "2"}; !reflect.DeepEqual(ids, want) {
			t.Errorf("asked with Last-Event-ID %q, want %q", ids, want)
		}
		// 2 s, then 2, 4, 8 and 16 s, then 2 s, each up to a quarter less.
		if waited := time.Since(start); waited < 25500*time.Millisecond || waited > 34*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestEventsEnd(t *testing.T) {
	blocked := &Error{Op: "requestRemote", Err: ErrBlocked}
	tests := map[string]struct {
		first answer
		next  []answer
		want  error
	}{
		"204":          {answer{status: 204}, nil, nil},
		"401":          {answer{status: 401}, nil, ErrUnauthorized},
		"404 later":    {answer{status: 200}, []answer{{status: 404}}, &Error{}},
		"cannot heal":  {answer{status: 200}, []answer{{err: blocked}}, ErrBlocked},
		"500 at first": {answer{status: 500}, nil, &Error{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, _, err := eventsOf(t.Context(), tt.first, tt.next...)
				var e *Error
				switch {
				case tt.want == nil:
					if err != nil {
						t.Errorf("got %v", err)
					}
				case !errors.As(err, &e), !errors.As(tt.want, &e) && !errors.Is(err, tt.want):
					t.Errorf("got %v, want %v", err, tt.want)
				}
			})
		})
	}
	t.Run("no stream of events", func(t *testing.T) {
		resp := &Response{Status: 200, Header: Header{"Content-Type": {"text/html"}}, Body: newBody([]byte("data: x\n\n"))}
		for _, err := range Events(t.Context(), resp) {
			if !errors.Is(err, ErrInvalidResponse) {
				t.Errorf("got %v, want ErrInvalidResponse", err)
			}
		}
	})
	t.Run("through the host", func(t *testing.T) {
		resp := &Response{Status: 200, Header: Header{"Content-Type": {"text/event-stream"}}, Body: newBody([]byte("data: x\n\n"))}
		n := 0
		for _, err := range Events(t.Context(), resp) {
			if n++; err != nil {
				t.Error(err)
			}
		}
		if n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
	t.Run("the context", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			_, ids, err := eventsOf(ctx, answer{status: 200, body: "data: x\n\n"}, answer{err: context.DeadlineExceeded})
			if !errors.Is(err, context.DeadlineExceeded) || len(ids) > 1 {
				t.Errorf("got %v after %d attempts", err, len(ids))
			}
		})
	})
	t.Run("leaving the loop closes the stream", func(t *testing.T) {
		closed := false
		resp := &Response{Status: 200, Header: Header{"Content-Type": {"text/event-stream"}}, Body: closer{strings.NewReader("data: x\n\ndata: y\n\n"), &closed}}
		for range Events(t.Context(), resp) {
			break
		}
		if !closed {
			t.Error("the body is open")
		}
	})
}

type closer struct {
	io.Reader
	closed *bool
}

func (c closer) Close() error { *c.closed = true; return nil }
