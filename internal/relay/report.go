package relay

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/forgego/forgego/internal/cors"
	"github.com/forgego/forgego/internal/noanswer"
	"github.com/forgego/forgego/internal/printable"
)

// Phase says when an Exchange is reported.
type Phase string

const (
	// Began: the head of a stream's answer has arrived, or the head of an answer that the page's browser will refuse. The
	// page gets the head only after the report. Ended follows.
	Began Phase = "began"
	// Ended: nothing more is sent.
	Ended Phase = "ended"
)

// Exchange describes a request and its answer for people. It has no header field but the origin, no cookie, no query
// value, and nothing of a body.
type Exchange struct {
	// Number is the same in all reports of an exchange, and another in each exchange of a relay. It begins at 1.
	Number uint64
	Phase  Phase
	Method string
	// Path is the request's target as it was sent, with "…" for each value in the query. It is at most 1,024 bytes long.
	Path string
	// Origin is the page's origin. It is empty if the request names none.
	Origin string
	// Status is 0 if there is no answer.
	Status int
	// Start is when the head of the request had arrived. Duration is the time since then; Held is the part of it in which
	// the request waited for a backend.
	Start          time.Time
	Duration, Held time.Duration
	// RequestBytes and ResponseBytes are the lengths of the two bodies so far, as they were sent.
	RequestBytes, ResponseBytes int64
	// EventStream reports whether the answer is one of server-sent events. Upgraded reports whether the connection
	// became another protocol's, such as a web socket's. Preflight reports whether the browser asked for permission.
	EventStream, Upgraded, Preflight bool
	// Canceled reports whether the client left before the end, or sent a body that is malformed.
	Canceled bool
	// Problem is nil if the page gets the answer.
	Problem *Problem
}

// ProblemKind is a kind of Problem.
type ProblemKind string

const (
	// Down: nothing listens at the backend's address, or Fail was called.
	Down ProblemKind = "down"
	// Broken: the backend closed the connection without an answer or within its body, or its answer is not HTTP.
	Broken ProblemKind = "broken"
	// Waited: no backend came in time, or too many requests wait.
	Waited ProblemKind = "waited"
	// CORS: the page's browser will refuse the answer.
	CORS ProblemKind = "cors"
)

// Problem says why a page does not get an answer, and what to do.
type Problem struct {
	Kind ProblemKind
	Text string
}

func (x *exchange) describe(phase Phase) Exchange {
	return Exchange{
		Number:        x.number,
		Phase:         phase,
		Method:        printable.Text(x.in.Method),
		Path:          printable.Target(x.in.RequestURI),
		Origin:        printable.Text(x.in.Header.Get("Origin")),
		Status:        x.status,
		Start:         x.start,
		Duration:      time.Since(x.start),
		Held:          x.held,
		RequestBytes:  x.received.Load(),
		ResponseBytes: x.sent.Load(),
		EventStream:   x.eventStream,
		Upgraded:      x.status == 101,
		Preflight:     cors.IsPreflight(x.in),
		Canceled:      phase == Ended && !x.complete && (x.problem == nil || x.problem.Kind == CORS),
		Problem:       x.problem,
	}
}

func waitProblem(r *Relay, s state, err error) *Problem {
	why := "does not listen again"
	if s.phase == starting {
		why = "does not listen yet"
	}
	if errors.Is(err, errCrowded) {
		return &Problem{Waited, fmt.Sprintf("the %s %s, and %d requests wait already.", r.kind, why, r.gate.limit)}
	}
	return &Problem{Waited, fmt.Sprintf("the %s %s. The request waited %v and ended without an answer.", r.kind, why, r.gate.wait)}
}

func failProblem(kind string, err error) *Problem {
	text := fmt.Sprintf("the %s is down.", kind)
	if err != nil {
		text = fmt.Sprintf("the %s is down: %v", kind, err)
	}
	return &Problem{Down, text}
}

func dialProblem(kind, addr string, err error) *Problem {
	return &Problem{Down, noanswer.Sentence(kind, addr, err)}
}

func answerProblem(kind string, err error) *Problem {
	switch err {
	case errHeadTooLarge:
		return &Problem{Broken, fmt.Sprintf("the head of the %s's answer is larger than %d KiB.", kind, headLimit>>10)}
	case errNotHTTP:
		return &Problem{Broken, fmt.Sprintf("the %s's answer is not valid HTTP/1.", kind)}
	}
	// Any other error after connecting means that the server closed the connection.
	return &Problem{Broken, noanswer.Sentence(kind, "", io.EOF)}
}

func cutProblem(kind string, read int64) *Problem {
	return &Problem{Broken, fmt.Sprintf("the %s closed the connection after %d bytes of its answer's body, before the end. %s", kind, read, noanswer.Panic(kind))}
}
