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
	// EventCall is a finished call of the app over the bridge. Name is the command. Status is "ok" or "failed". Text is the
	// error, or the status of the remote's answer.
	EventCall EventType = "call"
	// EventPageError is an error in the app's page. Name is its kind:
	//
	//   - "error", "unhandledrejection" and "securitypolicyviolation", as the browser's event;
	//   - "console.error", a call of that function;
	//   - "panic", a panic of a Go program, with its stack;
	//   - "noBridge", a page without the bridge;
	//   - "noProgram", a page that does not load the Go program that forgego.yml names.
	EventPageError EventType = "pageError"
	// EventEarly says that the first calls of a page's program could begin while the program loads. Name is the page's path.
	// Text is the value for the attribute data-early of its script.
	EventEarly EventType = "early"
	// EventRequest is a request to a remote or a container service. A Host reports one that got no answer. The program that
	// runs the Host may see others on their way: see [Host.Show]. Name and Remote are the key of the remote or service.
	// Status is the answer's status, or
	//
	//   - "open" if the answer is a stream that has begun,
	//   - "failed" if the page gets no answer,
	//   - "canceled" if the page left before the end.
	//
	// Text says why the request failed, or how much was sent.
	EventRequest EventType = "request"
	// EventTunnel says whether a server listens on the port of a resource with a tunnel: Status is "ok" if one does, and
	// "failed" if none does. Name is the resource's key. Text says what the page shows.
	EventTunnel EventType = "tunnel"
)

// Event is something that happened while the app ran. Its JSON form is one line of forgego dev --events json. It holds no
// tokens.
type Event struct {
	Time time.Time `json:"time"`
	Type EventType `json:"type"`
	// Name depends on the type. See there.
	Name string `json:"name,omitempty"`
	// Unit says what Name is the key of: "frontend", "remote", "service", "resource", or "server" for the development
	// server of a front end. For the app's functions, Name and Unit are both "functions".
	Unit string `json:"unit,omitempty"`
	// Status depends on the type, such as "ok" and "failed", or the status of an answer.
	Status string `json:"status,omitempty"`
	// Text is for people. It may have several lines.
	Text string `json:"text,omitempty"`
	// Module is the key of the module whose page the event is about. For a TunnelServer, it is the resource's key.
	Module string `json:"module,omitempty"`
	// Account and Site are the page's account and site: numbers that count from 1, as in Choices.
	Account int `json:"account,omitempty"`
	Site    int `json:"site,omitempty"`
	// Remote and Request say where a call or a request went. A request has "…" instead of the values of its query.
	Remote  string `json:"remote,omitempty"`
	Request string `json:"request,omitempty"`
	// Number is the same in all events about one request to a remote. Origin is that of the page that made the request.
	Number uint64 `json:"number,omitempty"`
	Origin string `json:"origin,omitempty"`
	// Milliseconds is how long the call, request, build or start took.
	Milliseconds float64 `json:"ms,omitempty"`
	// Count is how often the same happened since the last event about it. 0 means once.
	Count int `json:"count,omitempty"`
	// Payload and Answer are those of a call, without tokens. Long ones are shortened, and are then JSON strings.
	Payload json.RawMessage `json:"payload,omitempty"`
	Answer  json.RawMessage `json:"answer,omitempty"`
	// Problems are all that the developer must correct now. Events of a Host have none.
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
