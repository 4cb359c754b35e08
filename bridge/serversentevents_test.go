//go:build !tinygo

package bridge

import (
	"context"
	"errors"
	"io"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// answer is the answer to a stream that is opened again.
type answer struct {
	status int
	body   string
	err    error
	header Header
}

// playing returns a target that plays these answers, and what each request had as Last-Event-ID.
func playing(answers ...answer) (to func(context.Context, Request) (*Response, error), ids *[]string) {
	ids = new([]string)
	return func(_ context.Context, r Request) (*Response, error) {
		*ids = append(*ids, r.Header.Get("Last-Event-ID"))
		a := answers[0]
		answers = answers[1:]
		if a.err != nil {
			return nil, a.err
		}
		header := Header{"Content-Type": {"text/event-stream; charset=utf-8"}}
		maps.Copy(header, a.header)
		return &Response{Status: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), op: "requestRemote"}, nil
	}, ids
}

// awayFromBrowser returns a copy of ctx whose client does not use the browser: a listener for its events would keep the
// time of a synctest bubble from going on.
func awayFromBrowser(ctx context.Context) context.Context {
	return NewContext(ctx, New(nil, WithFetcher(noFetcher{})))
}

// eventsOf plays a stream and its successors. It returns the events, the error, and what each new request asked for.
func eventsOf(ctx context.Context, answers ...answer) (got []ServerSentEvent, ids []string, err error) {
	to, asked := playing(answers...)
	for e, eventErr := range ServerSentEvents(awayFromBrowser(ctx), to, Request{Path: "/"}) {
		if err = eventErr; err == nil {
			got = append(got, e)
		}
	}
	return got, (*asked)[1:], err
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
		if want := []ServerSentEvent{{"1", "message", "a"}, {"2", "message", "b"}, {"2", "message", "c"}}; !reflect.DeepEqual(got, want) || err != nil {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		if want := []string{"1", "2", "2", "2", "2", "2"}; !reflect.DeepEqual(ids, want) {
			t.Errorf("asked with Last-Event-ID %q, want %q", ids, want)
		}
		// Waits of 2 s, then 2, 4, 8 and 16 s, then 2 s, each with up to 25 % jitter.
		if waited := time.Since(start); waited < 34*time.Second || waited > 42500*time.Millisecond {
			t.Errorf("waited %v", waited)
		}
	})
}

// TestEventsWaitForRetryAfter checks that a stream is opened again after the remote's Retry-After, and not much later.
func TestEventsWaitForRetryAfter(t *testing.T) {
	tests := map[string]struct {
		header Header
		want   time.Duration // until the second attempt, without jitter
	}{
		"none":                 {nil, 3 * time.Second},
		"seconds":              {Header{"Retry-After": {"20"}}, 21 * time.Second},
		"less than the wait":   {Header{"Retry-After": {"1"}}, 3 * time.Second},
		"zero":                 {Header{"Retry-After": {"0"}}, 3 * time.Second},
		"too long":             {Header{"Retry-After": {"86400"}}, maxAskedWait + time.Second},
		"many digits":          {Header{"Retry-After": {strings.Repeat("9", 400)}}, maxAskedWait + time.Second},
		"a date":               {Header{"Retry-After": {"Sat, 01 Jan 2000 00:01:00 GMT"}}, time.Minute},
		"an older form":        {Header{"Retry-After": {"Saturday, 01-Jan-00 00:01:00 GMT"}}, time.Minute},
		"the oldest form":      {Header{"Retry-After": {"Sat Jan  1 00:01:00 2000"}}, time.Minute},
		"by the remote's date": {Header{"Retry-After": {"Fri, 01 Jan 2010 00:01:00 GMT"}, "Date": {"Fri, 01 Jan 2010 00:00:20 GMT"}}, 41 * time.Second},
		"a date long ago":      {Header{"Retry-After": {"Sun, 06 Nov 1994 08:49:37 GMT"}}, 3 * time.Second},
		"a far date":           {Header{"Retry-After": {"Fri, 01 Jan 2100 00:00:00 GMT"}}, maxAskedWait + time.Second},
		"another form":         {Header{"Retry-After": {"soon"}}, 3 * time.Second},
		"a negative number":    {Header{"Retry-After": {"-5"}}, 3 * time.Second},
		"a fraction":           {Header{"Retry-After": {"20.5"}}, 3 * time.Second},
	}
	for name, tt := range tests {
		for _, status := range []int{503, 429} {
			t.Run(name+" "+strconv.Itoa(status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { // the time starts at 2000-01-01 00:00:00 UTC
					start := time.Now()
					_, _, err := eventsOf(t.Context(), answer{status: 200}, answer{status: status, header: tt.header}, answer{status: 204})
					waited := time.Since(start)
					// The date is fixed. The others count from the first answer, which comes after 1 to 1.25 s.
					if err != nil || waited < tt.want || waited > tt.want*5/4+time.Second {
						t.Errorf("waited %v, want from %v on; %v", waited, tt.want, err)
					}
				})
			})
		}
	}
	t.Run("once only", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			asked := answer{status: 503, header: Header{"Retry-After": {"60"}}}
			_, _, err := eventsOf(t.Context(), answer{status: 200}, asked, answer{err: &Error{Err: ErrNetwork}}, answer{status: 204})
			// Waits of 1 s, 60 s, and then 4 s.
			if waited := time.Since(start); err != nil || waited < 65*time.Second || waited > 82*time.Second {
				t.Errorf("waited %v; %v", waited, err)
			}
		})
	})
}

func TestEventsEnd(t *testing.T) {
	blocked := &Error{Op: "requestRemote", Err: ErrBlocked}
	refused := func(text string) error {
		return &Error{Op: "requestRemote", Err: &kindError{&HostError{Message: text}, "no token: invokeRemote: " + text}}
	}
	tests := map[string]struct {
		answers []answer
		want    error
	}{
		"201":                   {[]answer{{status: 201}}, ErrInvalidResponse},
		"205":                   {[]answer{{status: 205}}, ErrInvalidResponse},
		"210":                   {[]answer{{status: 210, body: "data: x\n\n"}}, ErrInvalidResponse},
		"299":                   {[]answer{{status: 299, body: "data: x\n\n"}}, ErrInvalidResponse},
		"299 later":             {[]answer{{status: 200}, {status: 299}}, ErrInvalidResponse},
		"204":                   {[]answer{{status: 204}}, nil},
		"401":                   {[]answer{{status: 401}}, ErrUnauthorized},
		"404 later":             {[]answer{{status: 200}, {status: 404}}, &Error{}},
		"cannot heal":           {[]answer{{status: 200}, {err: blocked}}, ErrBlocked},
		"a refusal at first":    {[]answer{{err: refused("no endpoint")}}, ErrRejected},
		"a refusal after 500":   {[]answer{{status: 500}, {err: refused("no endpoint")}}, ErrRejected},
		"a refusal later":       {[]answer{{status: 200}, {err: refused("signed out")}, {err: refused("signed out")}, {status: 204}}, nil},
		"the platform's limit":  {[]answer{{err: refused("Remote invocation timed out after 25 seconds")}, {status: 204}}, nil},
		"a remote that is down": {[]answer{{err: refused("Invalid response from remote - remote network error")}, {status: 204}}, nil},
		"500 at first":          {[]answer{{status: 500}, {status: 204}}, nil},
		"no network":            {[]answer{{err: &Error{Op: "requestRemote", Err: ErrNetwork}}, {status: 204}}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, _, err := eventsOf(t.Context(), tt.answers...)
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
		_, _, err := eventsOf(t.Context(), answer{status: 200, header: Header{"Content-Type": {"text/html"}}, body: "data: x\n\n"})
		if !errors.Is(err, ErrInvalidResponse) {
			t.Errorf("got %v, want ErrInvalidResponse", err)
		}
	})
	t.Run("through the host", func(t *testing.T) {
		resp := &Response{Status: 200, Header: Header{"Content-Type": {"text/event-stream"}}, Body: newBody([]byte("data: x\n\n"))}
		n := 0
		for _, err := range ServerSentEvents(awayFromBrowser(t.Context()), once(resp), Request{Path: "/"}) {
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
		for range ServerSentEvents(awayFromBrowser(t.Context()), once(resp), Request{Path: "/"}) {
			break
		}
		if !closed {
			t.Error("the body is open")
		}
	})
}

// once returns a target that returns this response, and then the status 204, which ends the loop.
func once(resp *Response) func(context.Context, Request) (*Response, error) {
	next := resp
	return func(context.Context, Request) (*Response, error) {
		resp, next = next, &Response{Status: 204, Body: newBody(nil)}
		return resp, nil
	}
}

type closer struct {
	io.Reader
	closed *bool
}

func (c closer) Close() error { *c.closed = true; return nil }

// countingHost counts the commands.
type countingHost int

func (h *countingHost) Call(context.Context, Call) (Answer, error) {
	*h++
	return Answer{Payload: []byte(`{"status":200,"headers":{}}`)}, nil
}

// TestEventsNeedDirect checks that a stream through the host, which would never answer, is refused at once by each way, and
// that only the stream is.
func TestEventsNeedDirect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var commands countingHost
		client := New(&commands, WithFetcher(noFetcher{}))
		ctx := NewContext(t.Context(), client)
		byRemote := func(ctx context.Context, r Request) (*Response, error) { return RequestRemote(ctx, "tasks-api", r) }
		for name, to := range map[string]func(context.Context, Request) (*Response, error){
			"requestRemote": byRemote, "invokeRemote": InvokeRemote, "invokeService": InvokeService, "requestJira": RequestJira,
		} {
			var got error
			for _, err := range ServerSentEvents(ctx, to, Request{Path: "/events"}) {
				got = err
			}
			var e *Error
			if !errors.Is(got, ErrInvalidRequest) || !errors.As(got, &e) || e.Op != name || !strings.Contains(got.Error(), "bridge.WithDirect") {
				t.Errorf("%s: got %v", name, got)
			}
		}
		var got error
		for _, err := range ServerSentEvents(ctx, "tasks-api", Request{Path: "/events"}) {
			got = err
		}
		if !errors.Is(got, ErrInvalidRequest) || commands > 0 {
			t.Errorf("got %v, and the host %d commands", got, commands)
		}
		if _, err := byRemote(ctx, Request{Path: "/tasks"}); err != nil || commands != 1 {
			t.Errorf("another request: %v, and the host got %d commands", err, commands)
		}
	})
}

func TestEventJSON(t *testing.T) {
	var task struct{ Title string }
	event := ServerSentEvent{Type: "task", Data: "{\n\"title\": \"Milk\"}"}
	if err := event.JSON(&task); err != nil || task.Title != "Milk" {
		t.Errorf("got %+v, %v", task, err)
	}
	event.Data = `{"title":7}`
	if err := event.JSON(&task); !errors.Is(err, ErrInvalidResponse) || !strings.Contains(err.Error(), `the data of the event "task" is not the expected JSON: `) {
		t.Errorf("got %v", err)
	}
}
