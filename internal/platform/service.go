package platform

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/forgego/forgego/internal/utf8text"
)

// ServiceAnswer is the result of invokeService.
type ServiceAnswer struct {
	Status int                 `json:"status"`
	Header map[string][]string `json:"headers"`
	// Body is the service's JSON unchanged. It is empty for status 400 and above.
	Body json.RawMessage `json:"body,omitempty"`
	// Error is the response's body as text for status 400 and above, and nil otherwise.
	Error *string `json:"error,omitempty"`
}

// InvokeService sends an invocation to the container service at a base URL, as Forge's proxy beside the container
// does, and returns its answer. Its errors are those of Invoke, with the same texts, because the platform documents
// no texts for services.
//
// Sources: https://developer.atlassian.com/platform/forge/containers-reference/int-invokeservice/ and
// https://developer.atlassian.com/platform/forge/containers-reference/ref-api/
func (p *Proxy) InvokeService(ctx context.Context, base string, in Invocation) (*ServiceAnswer, error) {
	return exchange(ctx, p, func(ctx context.Context) (*http.Request, error) {
		return newRequest(ctx, base, in, invocationWay{"invokeService", false, Append, addServiceHeader})
	}, readServiceAnswer)
}

// addServiceHeader adds the proxy's fields. There is no Forge Invocation Token: the proxy authenticates the request.
// The service names the id in its own requests to the proxy.
func addServiceHeader(header http.Header) {
	addTrace(header)
	id := randomHex(20)
	header.Set("X-Forge-Invocation-Id", id)
	header.Set("X-Forge-Invocation-Log-Attributes", base64.StdEncoding.EncodeToString([]byte(`{"invocationId":"`+id+`"}`)))
}

// readServiceAnswer applies the documented rules: below status 400 the body and its content type must be JSON; from
// 400 on the body is any text.
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
