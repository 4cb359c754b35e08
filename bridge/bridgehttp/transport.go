package bridgehttp

import (
	"context"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/ctxerr"
)

// Transport is the bridge as an [http.RoundTripper]. It sends each request with the client in the request's context:
// see [bridge.NewContext]. It is safe for use by several goroutines at once.
type Transport struct {
	op, remoteKey string
	// invoke means that requests are sent by invokeRemote.
	invoke bool
	base   baseURL
}

var _ http.RoundTripper = (*Transport)(nil)

// NewTransport returns a transport that sends requests to the remote remoteKey by [bridge.RequestRemote]: through the
// host, or directly from the page if the request's client has [bridge.WithDirect]. If remoteKey is empty or an option is
// invalid, it returns [bridge.ErrInvalidRequest].
//
// The host carries text bodies only. A body that is not UTF-8 returns [bridge.ErrInvalidRequest], unless it is
// multipart/form-data; the host carries its files by the rules of [bridge.FormData].
func NewTransport(remoteKey string, options ...Option) (*Transport, error) {
	t := &Transport{op: "requestRemote", remoteKey: remoteKey}
	if remoteKey == "" {
		return nil, t.fail(invalid("remoteKey", "is empty; it is the key of an entry under remotes in manifest.yml"))
	}
	return t.with(options)
}

// NewInvokeTransport returns a transport that sends requests by [bridge.InvokeRemote], through Forge's servers, to the
// remote of the module's resolver. If an option is invalid, it returns [bridge.ErrInvalidRequest].
//
// It sends GET, POST, PUT, PATCH and DELETE, bodies that are a JSON object of at most 500 KB, and ASCII header
// fields. Other requests return [bridge.ErrInvalidRequest], and nothing is sent. A response with status 401, and a
// response outside 200–299 that is not JSON, is an error, as on the platform: see [bridge.InvokeRemote].
func NewInvokeTransport(options ...Option) (*Transport, error) {
	return (&Transport{op: "invokeRemote", invoke: true}).with(options)
}

// with returns the transport with these options.
func (t *Transport) with(options []Option) (*Transport, error) {
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(t); err != nil {
			return nil, t.fail(err)
		}
	}
	return t, nil
}

// RoundTrip sends one request and returns the remote's response, whatever its status. It does not follow redirects.
// It always closes the request's body, and does not change the request otherwise. When the request's context ends,
// RoundTrip and reads of the response's body return at once; only [bridge.WithDirect] also stops the request itself.
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
	// Cancelling ctx stops a request whose response is closed early, so ctx must live until the response is read.
	ctx, cancel := context.WithCancel(r.Context())
	response, err := t.send(ctx, request, data)
	if err != nil {
		cancel()
		return nil, t.fail(err)
	}
	return t.response(r, response, cancel), nil
}

// request returns the bridge's request, without its body.
func (t *Transport) request(r *http.Request) (bridge.Request, error) {
	if ctx := r.Context(); ctx.Err() != nil {
		return bridge.Request{}, ctxerr.Of(ctx)
	}
	path, err := t.path(r)
	if err != nil {
		return bridge.Request{}, err
	}
	if len(r.Trailer) > 0 {
		return bridge.Request{}, invalid("Trailer", "the bridge cannot send trailers; send them as header fields")
	}
	header, err := t.requestHeader(r.Header)
	if err != nil {
		return bridge.Request{}, err
	}
	return bridge.Request{Method: r.Method, Path: path, Header: header}, nil
}

// send sends the request with data as its body. If data is empty, there is no body.
func (t *Transport) send(ctx context.Context, request bridge.Request, data []byte) (*bridge.Response, error) {
	if len(data) > 0 {
		request.Body = bridge.Bytes(data)
	}
	if t.invoke {
		return bridge.InvokeRemote(ctx, request)
	}
	response, err := bridge.RequestRemote(ctx, t.remoteKey, request)
	// An invalid request was not sent. If the reason is that the host cannot carry these bytes, it may still carry
	// files.
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
	request.Header.Del("Content-Type") // its boundary belongs to these bytes; the host sets its own
	request.Body = form
	return bridge.RequestRemote(ctx, t.remoteKey, request)
}
