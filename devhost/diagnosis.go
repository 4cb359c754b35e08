package devhost

import (
	"cmp"
	"context"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/diagnosis"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/internal/fetchspec"
	"github.com/forgego/forgego/internal/printable"
	"github.com/forgego/forgego/internal/weburl"
)

// diagnosisInput is a request of the product's page to a remote that got no answer.
type diagnosisInput struct {
	RemoteKey string `json:"remoteKey"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	// Headers are the names of the header fields for which the browser asks the remote's permission.
	Headers []string `json:"headers"`
	// Milliseconds is how long the request took.
	Milliseconds int64 `json:"ms"`
}

type diagnosisOutput struct {
	Text string `json:"text"`
}

const (
	// maxRequestTime is how long a request may have taken.
	maxRequestTime = time.Hour
	// askDelay is how long after the failure the question may arrive.
	askDelay = 2 * time.Second
)

// diagnose says why a request of the product's page got no answer. The page cannot know that: its fetch fails without a
// reason.
func (d *deployment) diagnose(ctx context.Context, s *installation.Session, in diagnosisInput) (out diagnosisOutput, err error) {
	base, err := d.remotes.BaseURL(s.Site.Number, in.RemoteKey)
	if err != nil {
		return out, err
	}
	u, err := weburl.Append(base, in.Path)
	if err != nil {
		return out, &apierror.Error{Code: "INVALID_REQUEST", Message: "The path " + err.Error() + "."}
	}
	method := fetchspec.NormalizeMethod(cmp.Or(in.Method, "GET"))
	took := time.Duration(min(max(in.Milliseconds, 0), maxRequestTime.Milliseconds())) * time.Millisecond
	since := time.Now().Add(-took - askDelay)
	target := printable.Target(u.Path + u.Query)
	out.Text = d.failures.Find(in.RemoteKey, method, target, d.product.Origin, since)
	seen := out.Text != ""
	if !seen {
		r := diagnosis.Request{Method: method, URL: u, Headers: in.Headers, Origin: d.product.Origin}
		if out.Text, err = diagnosis.Ask(ctx, d.transport, r); err != nil {
			return out, &apierror.Error{Code: "INVALID_REQUEST", Message: err.Error()}
		}
	}
	if where := d.remotes.Where(s.Site.Number, in.RemoteKey); where != "" {
		out.Text += " " + where
	}
	if !seen {
		d.reportFailure("remote", in.RemoteKey, method+" "+target, d.product.Origin, out.Text)
	}
	return out, nil
}

// reportFailure reports a request that failed and that nobody has seen on its way. kind is "remote" or "service".
func (h *Host) reportFailure(kind, key, request, origin, text string) {
	h.emit(Event{Type: EventRequest, Unit: kind, Name: key, Remote: key, Request: request, Origin: origin, Status: "failed", Text: text})
}
