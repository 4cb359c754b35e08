package devhost

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/diagnosis"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/smalljson"
)

// EventType says what an Event is about.
type EventType string

// The events that a Host reports. A program that runs a Host, such as forgego dev, may have events of its own.
const (
	// EventCall is a finished call of the app over the bridge. Name is the command.
	EventCall EventType = "call"
	// EventPageError is an error of the app's page that the browser would only show in its console. Name says which kind:
	// "error", "unhandledrejection", "console.error", "securitypolicyviolation" or "panic", which is a panic of a Go program
	// with its stack. It is also "noBridge" for a page without the bridge, and "noProgram" for one that does not load the Go
	// program that forgego.yml names.
	EventPageError EventType = "pageError"
	// EventEarly says that the first calls of a page's program could begin while it loads. Name is the page's path, and Text is
	// what the attribute data-early of its script could be.
	EventEarly EventType = "early"
	// EventRequest is a request to a remote that was seen on its way: see [Host.Show]. Name and Remote are the remote's key.
	// Status is "open" if the answer is a stream that has begun, "failed" if the page gets no answer, "canceled" if the page
	// left before the end, or the answer's status. Text says why the request failed, or how much was sent.
	EventRequest EventType = "request"
	// EventTunnel reports whether a server listens on the port of a resource with a tunnel: Status is "ok", or otherwise
	// "failed". Name is the resource's key. Text says what the page shows.
	EventTunnel EventType = "tunnel"
)

// Event is something that happened while the app ran. Its JSON form is one line of forgego dev --events json. It holds no
// tokens.
type Event struct {
	Time time.Time `json:"time"`
	Type EventType `json:"type"`
	// Name depends on the type: the command of a call, the key of a front end, remote or service.
	Name string `json:"name,omitempty"`
	// Unit says what Name is the key of: "frontend", "remote", "service" or "resource". For the app's functions, both are
	// "functions".
	Unit string `json:"unit,omitempty"`
	// Status depends on the type, such as "ok" and "failed", or the status of a response.
	Status string `json:"status,omitempty"`
	// Text is for people. It may have several lines.
	Text string `json:"text,omitempty"`
	// Module is the key of the module whose page it concerns.
	Module string `json:"module,omitempty"`
	// Account and Site are the numbers of those of the page, as in Choices.
	Account int `json:"account,omitempty"`
	Site    int `json:"site,omitempty"`
	// Remote and Request say where a call or a request went. A request has "…" instead of the values of its query.
	Remote  string `json:"remote,omitempty"`
	Request string `json:"request,omitempty"`
	// Number is the same in all events about one request to a remote. Origin is that of the page that made the request.
	Number uint64 `json:"number,omitempty"`
	Origin string `json:"origin,omitempty"`
	// Milliseconds is how long it took.
	Milliseconds float64 `json:"ms,omitempty"`
	// Count is how often the same happened since the last event about it. 0 means once.
	Count int `json:"count,omitempty"`
	// Payload and Answer are those of a call, without tokens. Long ones are shortened, and are then JSON strings.
	Payload json.RawMessage `json:"payload,omitempty"`
	Answer  json.RawMessage `json:"answer,omitempty"`
	// Problems are all that the developer must correct now.
	Problems []Problem `json:"problems,omitempty"`
}

// maxReported is how many events the page may report at once. It reports its calls in batches.
const maxReported = 1000

// reportInput holds events of the product's page.
type reportInput struct {
	Events smalljson.List[Event] `json:"events"`
}

func (d *deployment) serveReport(w http.ResponseWriter, r *http.Request) {
	answering(func(_ context.Context, in reportInput) (struct{}, error) { return d.report(placeOf(r), in) })(w, r)
}

// report passes on what the product's page reports: calls and errors of the app.
func (h *Host) report(from window.Place, in reportInput) (struct{}, error) {
	if len(in.Events) > maxReported {
		return struct{}{}, &apierror.Error{Code: "INVALID_REQUEST", Message: "The page reports too many events at once."}
	}
	for _, e := range in.Events {
		if e.Type != EventCall && e.Type != EventPageError && e.Type != EventEarly {
			return struct{}{}, &apierror.Error{Code: "INVALID_REQUEST", Message: "The page reports events of an unknown type."}
		}
		if e.Count < 0 {
			return struct{}{}, &apierror.Error{Code: "INVALID_REQUEST", Message: "The page reports an event with a negative count."}
		}
	}
	for _, e := range in.Events {
		e.Time, e.Problems = time.Now(), nil
		e.Account, e.Site = from.Account, from.Site
		h.options.report(e)
	}
	return struct{}{}, nil
}

// emit reports an event of the host itself.
func (h *Host) emit(e Event) {
	if h.options.report != nil {
		e.Time = time.Now()
		h.options.report(e)
	}
}

// Show lists an EventRequest in the open pages, if the app's page has made the request itself. An event with the same
// Remote and Number updates the line of the earlier one. The host also remembers why requests failed, and says so when a
// call of the app fails: report a failure before the page can notice it. Show is safe for concurrent use.
func (h *Host) Show(e Event) {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	if e.Status == "failed" {
		h.failures.Add(diagnosis.Failure{Remote: e.Remote, Request: e.Request, Origin: e.Origin, Text: e.Text, Time: time.Now()})
	}
	if h.isAppOrigin(e.Origin) {
		h.windows.Broadcast(message("event", e))
	}
}
