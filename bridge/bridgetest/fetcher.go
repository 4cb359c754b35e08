package bridgetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest/internal/pagefetch"
	"github.com/forgego/forgego/internal/fetchspec"
	"github.com/forgego/forgego/internal/platform"
)

// directWay is the name of the Fetcher's requests, in the record and for failures.
const directWay = "fetch"

// Fetcher returns the page's own fetch, for bridge.WithFetcher. Its requests go to the remotes' handlers by URL, and, without
// a token, to stored objects and translations; the clients of the host use it for these. Bodies stream, and the end of a
// context stops both sides.
func (h *Host) Fetcher() bridge.Fetcher { return fetcher{h} }

type fetcher struct{ host *Host }

func (f fetcher) Fetch(ctx context.Context, request bridge.FetchRequest) (bridge.FetchResponse, error) {
	if ctx.Err() != nil {
		return bridge.FetchResponse{}, context.Cause(ctx)
	}
	e := f.host.recordFetch(request)
	response, err := f.fetch(ctx, e, request)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		f.host.finish(e, outcome{err: err})
		return bridge.FetchResponse{}, err
	}
	f.host.finishFetch(e, response)
	response.Body = &recordedBody{ReadCloser: response.Body, host: f.host, entry: e, ctx: ctx}
	return response, nil
}

func (f fetcher) fetch(ctx context.Context, e *entry, request bridge.FetchRequest) (bridge.FetchResponse, error) {
	var body io.Reader
	if request.Body != nil {
		body = bytes.NewReader(request.Body)
	}
	// An address without an origin is relative to the app's page.
	u, err := f.host.page.Parse(request.URL)
	if err != nil {
		return bridge.FetchResponse{}, fmt.Errorf("%w: the URL %w", bridge.ErrInvalidRequest, err)
	}
	if request.Origin != "" && request.Origin != u.Origin() {
		return bridge.FetchResponse{}, fmt.Errorf("%w: the address leads to another origin", bridge.ErrInvalidRequest)
	}
	r, err := platform.NewRequest(ctx, request.Method, u, body)
	if err != nil {
		return bridge.FetchResponse{}, fmt.Errorf("%w: %w", bridge.ErrInvalidRequest, err)
	}
	for name, values := range request.Header {
		sent, ok := fetchspec.Latin1(strings.Join(values, ", "))
		if !ok {
			return bridge.FetchResponse{}, fmt.Errorf("%w: the header %s is not Latin-1", bridge.ErrInvalidRequest, name)
		}
		r.Header.Set(name, sent)
	}
	pagefetch.AddHeader(r.Header)
	target := f.host.at(u)
	isOwn := u.Origin() == appBase
	if isOwn {
		target = f.host.app
	}
	if target == nil {
		return bridge.FetchResponse{}, fmt.Errorf("%w: the host in memory has no remote at %s", bridge.ErrNetwork, u.Host)
	}
	names := []string{directWay}
	if !isOwn {
		f.host.setTarget(e, target.key, request.Method, u.Path+u.Query)
		names = append(names, target.key)
	}
	way := &transport{host: f.host, names: names, target: target, inPage: true}
	redirect := "follow"
	if request.Origin != "" {
		redirect = "error"
	}
	response, err := pagefetch.Follow(way, r, redirect)
	var rejected *rejectedError
	var refused *bridge.HostError
	switch {
	case err != nil && ctx.Err() != nil:
		return bridge.FetchResponse{}, context.Cause(ctx)
	case errors.As(err, &rejected):
		return bridge.FetchResponse{}, rejected.err
	case errors.As(err, &refused):
		return bridge.FetchResponse{}, refused
	case errors.Is(err, pagefetch.ErrRedirect) && request.Origin != "":
		return bridge.FetchResponse{}, fmt.Errorf("%w: the remote answered with a redirect, which the direct way does not follow", bridge.ErrInvalidResponse)
	case err != nil:
		return bridge.FetchResponse{}, fmt.Errorf("%w: %w", bridge.ErrNetwork, err)
	}
	pagefetch.Unpack(response)
	header := bridge.Header{}
	for name, value := range pagefetch.ReadableHeader(response.Header) {
		header.Set(name, value)
	}
	return bridge.FetchResponse{
		Status: response.StatusCode, StatusText: http.StatusText(response.StatusCode), Header: header, URL: platform.URLOf(response.Request).String(),
		Body: response.Body,
	}, nil
}

// recordedBody records a body while it is read.
type recordedBody struct {
	io.ReadCloser
	host  *Host
	entry *entry
	ctx   context.Context
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.host.recordPiece(b.entry, p[:n])
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case b.ctx.Err() != nil:
		return n, context.Cause(b.ctx)
	}
	return n, fmt.Errorf("%w: the connection broke while the body was read: %w", bridge.ErrNetwork, err)
}

// fetchPayload returns a direct request for the record, without its body and token.
func fetchPayload(request bridge.FetchRequest) json.RawMessage {
	headers := make([][2]string, 0, len(request.Header))
	for _, name := range slices.Sorted(maps.Keys(request.Header)) {
		headers = append(headers, [2]string{strings.ToLower(name), strings.Join(request.Header[name], ", ")})
	}
	data, err := json.Marshal(map[string]any{"method": request.Method, "url": request.URL, "headers": headers})
	if err != nil {
		return nil // cannot fail: strings can always be encoded
	}
	return data
}
