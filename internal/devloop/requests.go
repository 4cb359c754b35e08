package devloop

import (
	"fmt"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/relay"
	"github.com/forgego/forgego/internal/terminal"
)

// reportExchange reports a request, and shows it in the page. A preflight request is reported only if it failed: otherwise
// the request that it was for follows.
func (b *backend) reportExchange(x relay.Exchange) {
	if x.Preflight && x.Problem == nil {
		return
	}
	began := x.Phase == relay.Began
	e := devhost.Event{
		Time: time.Now(), Type: devhost.EventRequest, Unit: b.kind, Name: b.key, Remote: b.key, Request: x.Method + " " + x.Path, Number: x.Number, Origin: x.Origin,
		Status: fmt.Sprint(x.Status), Milliseconds: milliseconds(x.Duration),
	}
	switch {
	case x.Problem != nil:
		e.Status, e.Text = "failed", x.Problem.Text
	case began:
		e.Status, e.Text = "open", streamKind(x)
	default:
		if x.Canceled {
			e.Status = "canceled"
		}
		e.Text = strings.TrimPrefix(streamKind(x)+transferred(x), ", ")
	}
	b.loop.host.Show(e)
	// A refusal is reported as soon as it is known. The end adds nothing for people, unless the connection broke too.
	if began || x.Problem == nil || x.Problem.Kind != relay.CORS {
		b.loop.report(e)
	}
}

func streamKind(x relay.Exchange) string {
	switch {
	case x.EventStream:
		return "event stream"
	case x.Upgraded:
		return "connection of another protocol"
	}
	return ""
}

// transferred says how much was sent, and how long the request waited for the backend.
func transferred(x relay.Exchange) string {
	text := ""
	if x.RequestBytes > 0 {
		text += ", " + size(x.RequestBytes) + " sent"
	}
	if x.ResponseBytes > 0 {
		text += ", " + size(x.ResponseBytes) + " received"
	}
	if x.Held >= time.Millisecond {
		text += fmt.Sprintf(", waited %v for the start", x.Held.Round(time.Millisecond))
	}
	return text
}

func size(bytes int64) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d bytes", bytes)
	}
	return terminal.Size(int(bytes))
}
