package platform

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/forgego/forgego/internal/utf8text"
)

// ServiceAnswer is what invokeService resolves with.
type ServiceAnswer struct {
	Status int                 `json:"status"`
	Header map[string][]string `json:"headers"`
	// Body is the service's JSON as it came; empty from status 400 on.
	Body json.RawMessage `json:"body,omitempty"`
	// Error is the body of an answer from status 400 on, as text; nil below.
	Error *string `json:"error,omitempty"`
}

// InvokeService sends an invocation to the container service at a base URL, as Forge's proxy beside the container does,
// and returns its answer. Its errors are those of Invoke, with the same texts: what the platform says of a service is not
// documented.
//
// Sources: containers-reference/int-invokeservice, containers-reference/ref-api.
func (p *Proxy) InvokeService(ctx context.Context, base string, in Invocation) (*ServiceAnswer, error) {
	return exchange(ctx, p, func(ctx context.Context) (*http.Request, error) {
		return newRequest(ctx, base, in, invocationWay{"invokeService", false, Append, addServiceHeader})
	}, readServiceAnswer)
}

// addServiceHeader adds what the proxy adds. There is no Forge Invocation Token: the proxy is what authenticates the
// request, and the id is what the service names in its own requests to the proxy.
func addServiceHeader(header http.Header) {
	addTrace(header)
	id := randomHex(20)
	header.Set("X-Forge-Invocation-Id", id)
	header.Set("X-Forge-Invocation-Log-Attributes", base64.StdEncoding.EncodeToString([]byte(`{"invocationId":"`+id+`"}`)))
}

// readServiceAnswer applies the documented rules: below status 400 the body is JSON and says so, from there on it is any
// text.
func readServiceAnswer(resp *http.Response) (*ServiceAnswer, error) {
	contentType := resp.Header.Get("Content-Type")
	failed := resp.StatusCode >= 400
	if !failed && !isJSON(contentType) {
		refused := wrongType(contentType, resp.StatusCode)
		refused.Detail = "Below status 400 a service answers with JSON and the content-type application/json."
		return nil, refused
	}
	body, err := readBody(resp)
	if err != nil {
		return nil, err
	}
	answer := &ServiceAnswer{Status: resp.StatusCode, Header: resp.Header}
	if failed {
		text := string(utf8text.Decode(body))
		answer.Error = &text
		return answer, nil
	}
	answer.Body = utf8text.TrimMark(body)
	if !json.Valid(answer.Body) {
		return nil, notJSON(resp.StatusCode, fmt.Sprintf("The service's body has %d bytes, which are not JSON.", len(body)))
	}
	return answer, nil
}
