package bridge

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/forgego/forgego/internal/usercode"
	"github.com/forgego/forgego/internal/weburl"
)

// direct sends the requests of RequestRemote from the page itself.
type direct struct {
	// client is the client that the token source uses.
	client *Client
	tokens *TokenCache

	mu sync.Mutex
	// failures has a channel for each remote with an open stream of events. It is closed when a request to the remote
	// fails.
	failures map[string]chan struct{}
}

// failure returns a channel that is closed when the next request to the remote fails with [ErrNetwork].
func (d *direct) failure(remoteKey string) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.failures[remoteKey]
	if c == nil {
		if d.failures == nil {
			d.failures = map[string]chan struct{}{}
		}
		c = make(chan struct{})
		d.failures[remoteKey] = c
	}
	return c
}

func (d *direct) reportFailure(remoteKey string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.failures[remoteKey]; c != nil {
		close(c)
		delete(d.failures, remoteKey)
	}
}

func (d *direct) requestRemote(ctx context.Context, remoteKey string, r Request) (*Response, error) {
	const op = "requestRemote"
	fail := func(err error) error { return callError(ctx, op, remoteKey, err) }
	fields, err := remoteFields(remoteKey, &r, nil)
	if err != nil {
		return nil, fail(err)
	}
	if problem := weburl.Misleading(r.Path); problem != "" {
		return nil, fail(invalidRequest("Path", problem))
	}
	if ctx.Err() != nil {
		return nil, fail(context.Cause(ctx))
	}
	var body encodedBody
	if r.Body != nil {
		var err error
		if body, err = r.Body.encode(wayDirect); err != nil {
			return nil, fail(err)
		}
	}
	again := body.stream == nil
	if body.stream != nil {
		data, err := usercode.Wait(ctx, func() ([]byte, error) { return io.ReadAll(body.stream) })
		if ctx.Err() != nil {
			return nil, fail(context.Cause(ctx))
		}
		if err != nil {
			return nil, fail(&kindError{errors.Join(ErrInvalidRequest, err), "invalid request: Body: it could not be read: " + err.Error()})
		}
		body.data = data
	}
	began := 0
	for attempt := 1; ; attempt++ {
		token, forgotten, err := d.tokens.tokenFor(ctx, d.client, remoteKey)
		if attempt == 1 {
			began = d.streamBegan(ctx, remoteKey, forgotten)
		}
		if failed, ok := errors.AsType[*Error](err); ok { // the source made a call: return one error for both calls
			return nil, &Error{Op: op, Remote: remoteKey, Status: failed.Status, Err: &kindError{failed.Err, "no token: " + failed.Op + ": " + failed.Err.Error()}}
		}
		if err == nil && forgotten != began {
			err = ErrForgotten // the token is the next user's
		}
		if err != nil {
			return nil, fail(err)
		}
		request, err := fetchRequest(&r, fields, body, token)
		if err != nil {
			return nil, fail(err)
		}
		answer, err := d.client.state.Fetcher.(Fetcher).Fetch(ctx, request)
		if errors.Is(err, ErrNetwork) {
			d.reportFailure(remoteKey)
		}
		if errors.Is(err, ErrBlocked) {
			err = &kindError{ErrBlocked, "the page's policy does not allow it to reach the remote: add \"- remote: " + remoteKey + "\" under permissions.external.fetch.client in manifest.yml"}
		}
		if err != nil {
			return nil, fail(err)
		}
		if answer.Status == 401 && d.tokens.Reject(remoteKey, token) && again && attempt == 1 {
			_ = answer.Body.Close()
			continue
		}
		return &Response{
			Status:     answer.Status,
			StatusText: answer.StatusText,
			Header:     answer.Header,
			URL:        answer.URL,
			Body:       answer.Body,
			op:         op,
			remote:     remoteKey,
			failure:    func() <-chan struct{} { return d.failure(remoteKey) },
			hide:       func(text string) string { return hideSecret(token.Value, text) },
		}, nil
	}
}

// streamBegan returns how often the remote's token was forgotten when the stream of events that this request belongs to
// began, or when this request began if it belongs to none.
func (d *direct) streamBegan(ctx context.Context, remoteKey string, forgotten int) int {
	stream, ok := ctx.Value(streamKey{}).(*sync.Map)
	if !ok {
		return forgotten
	}
	type key struct {
		tokens    *TokenCache
		remoteKey string
	}
	began, _ := stream.LoadOrStore(key{d.tokens, remoteKey}, forgotten)
	return began.(int)
}

// fetchRequest returns the request with these header fields, this body and this token.
func fetchRequest(r *Request, fields []field, body encodedBody, token Token) (FetchRequest, error) {
	url, origin, err := directURL(token.BaseURL, r.Path)
	if err != nil {
		return FetchRequest{}, err
	}
	header := Header{}
	for _, f := range fields {
		header.Add(f.name, f.value)
	}
	if body.contentType != "" && !hasField(fields, "content-type") {
		header.Set("Content-Type", body.contentType)
	}
	header.Set("Authorization", "Bearer "+token.Value.Reveal())
	return FetchRequest{Method: r.method(), URL: url, Origin: origin, Header: header, Body: body.data}, nil
}
