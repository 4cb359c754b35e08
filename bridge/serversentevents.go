package bridge

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge/internal/state"
	"github.com/forgego/forgego/internal/ascii"
	"github.com/forgego/forgego/internal/nesting"
)

// ServerSentEvent is one server-sent event.
type ServerSentEvent struct {
	// ID is the last id that the stream sent, with this event or before it.
	ID string
	// Type is the event's name, or "message" if the stream sent none.
	Type string
	// Data is the event's text: its lines, joined by line feeds.
	Data string
}

// JSON decodes Data into v, as encoding/json does. If Data is not JSON for such a value, it returns [ErrInvalidResponse].
func (e ServerSentEvent) JSON(v any) error {
	if err := nesting.Unmarshal([]byte(e.Data), v); err != nil {
		problem := "the data of the event " + string(appendJSONString(nil, e.Type)) + " is not the expected JSON: " + nesting.Problem(err)
		return &Error{Op: "serverSentEvents", Err: &kindError{ErrInvalidResponse, problem}}
	}
	return nil
}

const (
	// defaultRetry is the wait before a stream is opened again, unless the stream sets another. It doubles with each
	// failure, up to maxReopen.
	defaultRetry = time.Second
	minRetry     = 10 * time.Millisecond
	maxReopen    = 30 * time.Second
	// maxAskedWait is the longest wait that the remote can ask for.
	maxAskedWait = 10 * time.Minute
	// maxEvent is how many bytes a line may have, and how many the lines of an event's data may have together.
	maxEvent = 1 << 20
)

// ServerSentEvents sends a request and returns the events of the answer as they arrive, by the rules of
// https://html.spec.whatwg.org/multipage/server-sent-events.html. The client in ctx needs [WithDirect], because the host
// returns an answer only when it is complete. Without it, the error is [ErrInvalidRequest].
//
//	client := bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.ExchangeTokens("/token")))
//	ctx = bridge.NewContext(ctx, client)
//	for event, err := range bridge.ServerSentEvents(ctx, "tasks-api", bridge.Request{Path: "/tasks/events"}) {
//		if err != nil {
//			return err
//		}
//		var task Task
//		if err := event.JSON(&task); err != nil {
//			return err
//		}
//		…
//	}
//
// Like a browser's EventSource, it sends the request again when the stream ends or breaks, and when the request fails,
// each time with a valid token. If the stream sent an id, with an event or alone, the new request has the header
// Last-Event-ID. The remote must support that header to repeat events that were lost in between. Use ids of ASCII: with
// [WithDirect], WebKit sends other characters in a form that the remote does not recognize. [WithStates] reports what
// ServerSentEvents does, and [WithMaxSilence] finds connections that are silently dead.
//
// Before it sends the request again, it waits 1 s, or as long as the stream's retry field says. The wait doubles with
// each failure, up to 30 s ([WithMaxWait]). A Retry-After in the answer, in seconds or as a date, makes it longer. The remote
// can ask for at most 10 minutes. Up to 25 % jitter is added, so that not all pages return at once. (The remote must name
// Retry-After in Access-Control-Expose-Headers, as package remote does.)
//
// A connection also counts as broken when the browser reports that it is offline, and when another request of the same
// client to the same remote fails with [ErrNetwork]. When the browser is online again, the wait ends.
//
// The loop ends when ctx ends, when the remote answers 204, or with an error that waiting cannot fix:
//   - a status other than 200, 204, 408, 429, or 500 and above (a [*StatusError], or [ErrInvalidResponse])
//   - another content type than text/event-stream ([ErrInvalidResponse])
//   - a line, or an event's data, of more than 1 MiB ([ErrInvalidResponse])
//   - [TokenCache.Forget] for the remote ([ErrForgotten]), when the stream needs a new connection
//   - a request that cannot be sent, and an invalid option ([ErrInvalidRequest])
//   - a refusal of the host, such as of the call for a token, before the stream was open for the first time
//     ([ErrRejected]). Later it counts as a failure that may end, because the same call has worked.
//
// An error is the last value of the loop. Each loop opens its own stream, and leaving the loop closes it.
func ServerSentEvents[To Target](ctx context.Context, to To, request Request, options ...ServerSentOption) iter.Seq2[ServerSentEvent, error] {
	return func(yield func(ServerSentEvent, error) bool) {
		followEvents(ctx, to, request, options, yield)
	}
}

// followEvents is ServerSentEvents for any kind of target.
func followEvents(ctx context.Context, to any, request Request, options []ServerSentOption, yield func(ServerSentEvent, error) bool) {
	f := &follower{stream: eventStream{retry: defaultRetry}, to: to, request: request, most: maxReopen}
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(f); err != nil {
			f.report(ServerSentClosed, time.Time{}, err)
			yield(ServerSentEvent{}, err)
			return
		}
	}
	if state.FromContext(ctx).Fetcher == nil { // the browser sends the requests
		var stop func()
		f.offline, f.online, stop = watchNetwork()
		defer stop()
	}
	err := f.follow(ctx, func(e ServerSentEvent) bool { return yield(e, nil) })
	if err == errLeft {
		f.report(ServerSentClosed, time.Time{}, nil)
		return
	}
	f.report(ServerSentClosed, time.Time{}, err)
	if err != nil {
		yield(ServerSentEvent{}, err)
	}
}

// checkEventStream returns an error if the response, whose status is from 200 to 299, is not a stream of events.
func checkEventStream(resp *Response) error {
	problem := ""
	contentType, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	switch {
	case resp.Status == 204:
		return nil
	case resp.Status != 200:
		problem = "its status is " + strconv.Itoa(resp.Status) + ", not 200"
	case ascii.Lower(strings.TrimSpace(contentType)) != "text/event-stream":
		problem = "its content type is not text/event-stream"
	default:
		return nil
	}
	return &Error{Op: resp.op, Remote: resp.remote, Status: resp.Status, Err: &kindError{ErrInvalidResponse, "the answer is not a stream of events: " + problem}}
}

// heals reports whether a later request may succeed after this error. worked means that an earlier one has.
func heals(err error, worked bool) bool {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return status.Status >= 500 || status.Status == 408 || status.Status == 429
	}
	for _, final := range []error{ErrInvalidRequest, ErrUnknownRemote, ErrForgotten, ErrBlocked, ErrNoBridge, ErrInvalidResponse, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, final) {
			return false
		}
	}
	if errors.Is(err, ErrRejected) && !errors.Is(err, ErrTimeout) && !errors.Is(err, ErrNetwork) {
		return worked
	}
	return true
}

// streamKey marks the context of a request whose answer must stream. Its value is a [sync.Map] of the stream: see
// [direct.streamBegan].
type streamKey struct{}

// canAnswer returns an error if the answer must stream, which the host cannot do.
func canAnswer(ctx context.Context) error {
	if ctx.Value(streamKey{}) == nil {
		return nil
	}
	return &kindError{ErrInvalidRequest, "the host returns an answer only when it is complete, and a stream of events never is: use a client with bridge.WithDirect, as in ctx = bridge.NewContext(ctx, bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.ExchangeTokens(\"/token\"))))"}
}

// reopenAfter returns how long to wait after this number of failures. The last answer asked to wait as long as asked
// says.
func reopenAfter(retry, asked, most time.Duration, failures int) time.Duration {
	d := max(retry, min(retry<<min(failures, 10), most), asked)
	return d + time.Duration(rand.Int64N(int64(d)/4+1))
}

// withLastEventID returns a copy of the header with this Last-Event-ID, or with none if id is empty. A header's value
// is Latin-1, so each byte of the id's UTF-8 becomes one character.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#reestablish-the-connection
func withLastEventID(h Header, id string) Header {
	clone := make(Header, len(h)+1)
	for name, values := range h {
		if ascii.Lower(name) != "last-event-id" {
			clone[name] = values
		}
	}
	if id == "" {
		return clone
	}
	value := make([]rune, len(id))
	for i := range value {
		value[i] = rune(id[i])
	}
	clone["Last-Event-Id"] = []string{string(value)}
	return clone
}
