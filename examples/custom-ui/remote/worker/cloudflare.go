package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// adapted corrects differences between workers and net/http's server:
//
//   - workers splits headers at every comma, also in a date, a quoted parameter or an Idempotency-Key. next gets each header
//     as one value, as Cloudflare has it.
//   - For a HEAD request workers expects as many bytes as Content-Length says, and fails without them. So such an answer has
//     no body and no Content-Length.
func adapted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			r.Header[name] = []string{strings.Join(values, ",")}
		}
		if r.Method == http.MethodHead {
			next.ServeHTTP(headWriter{w}, r)
			w.Header().Del("Content-Length")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headWriter takes no body.
type headWriter struct{ http.ResponseWriter }

func (w headWriter) Write(data []byte) (int, error) { return len(data), nil }

const (
	// keysFresh limits the age of a cached key set, and keysStale its age if the key set cannot be fetched.
	keysFresh = time.Minute
	keysStale = time.Hour
	// maxKeys is how many bytes of a key set are read.
	maxKeys = 1 << 20

	fetchedAt = "X-Fetched-At"
)

// cache is Cloudflare's cache of HTTP answers.
type cache interface {
	Match(*http.Request) (*http.Response, error)
	Put(*http.Request, *http.Response) error
}

// keys fetches the key set for a verifier that lives for one request only. Without the cache, each request would fetch it
// again.
type keys struct {
	next  http.RoundTripper
	cache cache
	now   func() time.Time
}

// RoundTrip returns the answer to a request for a key set. It returns when the request's context ends, which Cloudflare's fetch
// does not support.
func (k *keys) RoundTrip(r *http.Request) (*http.Response, error) {
	type result struct {
		resp *http.Response
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var got result
		defer func() {
			if p := recover(); p != nil { // fetch panics if an answer has no body
				got = result{nil, fmt.Errorf("fetching %s: %v", r.URL, p)}
			}
			done <- got
		}()
		got.resp, got.err = k.fetch(r)
	}()
	select {
	case got := <-done:
		return got.resp, got.err
	case <-r.Context().Done():
		return nil, context.Cause(r.Context())
	}
}

// fetch answers from the cache or the network. It does not cache the local host's key set, which changes at each start.
// That is the only key set without https.
func (k *keys) fetch(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return whole(k.next.RoundTrip(r))
	}
	cached, age := k.cached(r)
	if cached != nil && age < keysFresh {
		return cached, nil
	}
	resp, err := whole(k.next.RoundTrip(r))
	if err != nil || resp.StatusCode != http.StatusOK {
		if cached != nil && age < keysStale {
			return cached, nil
		}
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	kept := answer(http.StatusOK, body)
	kept.Header.Set("Cache-Control", "max-age="+strconv.Itoa(int(keysStale.Seconds())))
	kept.Header.Set(fetchedAt, strconv.FormatInt(k.now().UnixMilli(), 10))
	// Without the cache there is one more fetch. The tokens are verified nevertheless.
	_ = k.cache.Put(r, kept)
	return answer(http.StatusOK, body), nil
}

// cached returns the cached key set and its age, or nil.
func (k *keys) cached(r *http.Request) (*http.Response, time.Duration) {
	resp, err := k.cache.Match(r)
	if err != nil {
		return nil, 0
	}
	at, err := strconv.ParseInt(resp.Header.Get(fetchedAt), 10, 64)
	if err != nil {
		return nil, 0
	}
	if resp, err = whole(resp, nil); err != nil {
		return nil, 0
	}
	return resp, k.now().Sub(time.UnixMilli(at))
}

// whole reads an answer into memory. It cuts off an answer that is too long, which then does not parse.
func whole(resp *http.Response, err error) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	if resp.Body == nil {
		return nil, errors.New("an answer without a body")
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return answer(resp.StatusCode, nil), nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeys))
	if err != nil {
		return nil, err
	}
	return answer(resp.StatusCode, body), nil
}

func answer(status int, body []byte) *http.Response {
	return &http.Response{
		StatusCode:    status,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
	}
}
