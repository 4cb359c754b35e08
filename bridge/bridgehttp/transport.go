package bridgehttp

import (
	"context"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/forgego/forgego/bridge"
)

// Transport is the bridge as an [http.RoundTripper]. It is safe for use by several goroutines at once.
type Transport struct {
	client        *bridge.Client
	op, remoteKey string
	// invoke says that requests go by invokeRemote.
	invoke bool
	base   baseURL
	// baseProblem is what is wrong with the base URL that the caller gave.
	baseProblem string
}

var _ http.RoundTripper = (*Transport)(nil)

// NewTransport gives a transport that sends requests to the remote with this key by client.RequestRemote: through the
// host, or straight from the page if the client has [bridge.Direct]. A nil client means [bridge.Default].
//
// The host carries bodies of text only: a body that is not UTF-8 gives [bridge.ErrInvalidRequest], unless it is
// multipart/form-data, of which the host carries the files as [bridge.FormData] does, by its rules.
func NewTransport(client *bridge.Client, remoteKey string, options ...Option) *Transport {
	return newTransport(&Transport{client: client, op: "requestRemote", remoteKey: remoteKey}, options)
}

// NewInvokeTransport gives a transport that sends requests by client.InvokeRemote, through Forge's servers, to the remote
// of the module's resolver. A nil client means [bridge.Default].
//
// It sends GET, POST, PUT, PATCH and DELETE, bodies that are a JSON object of at most 500 KB, and ASCII in header fields.
// Other requests give [bridge.ErrInvalidRequest] before anything is sent. Answers with 401, and those outside 200–299 that
// are no JSON, are errors, as the platform has it: see [bridge.InvokeRemote].
func NewInvokeTransport(client *bridge.Client, options ...Option) *Transport {
	return newTransport(&Transport{client: client, op: "invokeRemote", invoke: true}, options)
}

func newTransport(t *Transport, options []Option) *Transport {
	if t.client == nil {
		t.client = bridge.Default()
	}
	for _, option := range options {
		option(t)
	}
	return t
}

// RoundTrip sends one request and gives the remote's answer, whatever its status. It follows no redirect itself, closes
// the request's body in any case and changes nothing else of the request. When the request's context ends, RoundTrip and
// the reading of the answer's body return at once; what was sent by then is stopped only by [bridge.Direct].
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body := &requestBody{request: r}
	defer body.close()
	request, err := t.request(r)
	if err != nil {
		return nil, t.fail(err)
	}
	data, err := body.read()
	if err == nil {
		err = body.close()
	}
	if err == nil {
		err = t.checkSize(data)
	}
	if err != nil {
		return nil, t.fail(err)
	}
	// Its end stops a request whose answer is closed early; it must live as long as the answer is read.
	ctx, cancel := context.WithCancel(r.Context())
	response, err := t.send(ctx, request, data)
	if err != nil {
		cancel()
		return nil, t.fail(err)
	}
	return t.response(r, response, cancel), nil
}

// request makes all of the bridge's request but its body.
func (t *Transport) request(r *http.Request) (bridge.Request, error) {
	if ctx := r.Context(); ctx.Err() != nil {
		return bridge.Request{}, ended(ctx)
	}
	path, err := t.path(r)
	if err != nil {
		return bridge.Request{}, err
	}
	if len(r.Trailer) > 0 {
		return bridge.Request{}, invalid("Trailer", "no way to the remote carries trailers; send them as header fields")
	}
	header, err := t.requestHeader(r.Header)
	if err != nil {
		return bridge.Request{}, err
	}
	return bridge.Request{Method: r.Method, Path: path, Header: header}, nil
}

// send sends the request with this body; empty means none.
func (t *Transport) send(ctx context.Context, request bridge.Request, data []byte) (*bridge.Response, error) {
	if len(data) > 0 {
		request.Body = bridge.Bytes(data)
	}
	if t.invoke {
		return t.client.InvokeRemote(ctx, request)
	}
	response, err := t.client.RequestRemote(ctx, t.remoteKey, request)
	// An invalid request was not sent. If it is that the host carries no such bytes, it still carries files.
	if !errors.Is(err, bridge.ErrInvalidRequest) || utf8.Valid(data) {
		return response, err
	}
	form, formErr := formData(request.Header, data)
	if formErr != nil {
		return nil, formErr
	}
	if form == nil {
		return nil, err
	}
	request.Header.Del("Content-Type") // it names the boundary of these bytes, and the host makes its own
	request.Body = form
	return t.client.RequestRemote(ctx, t.remoteKey, request)
}
