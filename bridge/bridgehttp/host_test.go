package bridgehttp_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/platform"
)

// baseURL is the remote's in the manifest, as it were.
const baseURL = "https://tasks.example.com/api"

// host is a host in memory with one remote, "tasks-api", which is a handler.
type host struct {
	handler http.Handler

	mu    sync.Mutex
	calls []bridge.Call
}

func newHost(_ testing.TB, handler http.Handler) *host { return &host{handler: handler} }

func (h *host) client(options ...bridge.Option) *bridge.Client { return bridge.New(h, options...) }

// direct gives a client that makes requests itself.
func (h *host) direct() *bridge.Client {
	return h.client(bridge.Direct(bridge.StaticToken(bridge.Token{Value: bridge.NewSecret("token"), BaseURL: baseURL}), bridge.WithFetcher(fetcher{h.handler})))
}

// count gives how many calls came.
func (h *host) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.calls)
}

func (h *host) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	h.mu.Lock()
	h.calls = append(h.calls, call)
	h.mu.Unlock()
	answer, err := h.answer(ctx, call)
	if ctx.Err() != nil {
		return bridge.Answer{}, context.Cause(ctx)
	}
	return answer, err
}

func (h *host) answer(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	switch call.Command {
	case "fetchRemote":
		return h.fetchRemote(ctx, call)
	case "invoke":
		return h.invoke(ctx, call)
	}
	return bridge.Answer{}, &bridge.HostError{Message: "no command " + call.Command}
}

// fetchRemote is what the product page does with its own fetch.
func (h *host) fetchRemote(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	var payload struct {
		RemoteKey        string
		FetchRequestInit struct {
			Path, Method string
			Headers      [][2]string
		}
		IsMultipartFormData bool
	}
	if err := json.Unmarshal(call.Payload, &payload); err != nil {
		return bridge.Answer{}, err
	}
	if payload.RemoteKey != "tasks-api" {
		return bridge.Answer{}, &bridge.HostError{Code: "UNKNOWN_REMOTE", Message: "no remote " + payload.RemoteKey}
	}
	init := payload.FetchRequestInit
	body, contentType := call.Body, "text/plain;charset=UTF-8"
	if payload.IsMultipartFormData {
		var err error
		if body, contentType, err = rebuildForm(body); err != nil {
			return bridge.Answer{}, err
		}
		init.Headers = slices.DeleteFunc(init.Headers, func(f [2]string) bool { return f[0] == "content-type" })
	}
	r, err := http.NewRequestWithContext(ctx, init.Method, baseURL+init.Path, bytes.NewReader(body))
	if err != nil {
		return bridge.Answer{}, err
	}
	for _, f := range init.Headers {
		r.Header.Set(f[0], toBytes(f[1]))
	}
	if len(body) > 0 && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("Authorization", "Bearer token")
	resp, err := (&http.Client{Transport: memory{h.handler}}).Do(r) // follows redirects, as fetch does
	if err != nil {
		return bridge.Answer{}, &bridge.HostError{Name: "TypeError", Message: "Failed to fetch"}
	}
	defer resp.Body.Close()
	data, err := unpacked(resp)
	if err != nil {
		return bridge.Answer{}, err
	}
	answer := map[string]any{"status": resp.StatusCode, "statusText": strings.TrimSpace(strings.TrimLeft(resp.Status, "0123456789")), "headers": pageHeader(resp.Header)}
	if !utf8.Valid(data) {
		answer["isAttachment"] = true
		data = []byte(base64.StdEncoding.EncodeToString(data))
	}
	encoded, err := json.Marshal(answer)
	return bridge.Answer{Payload: encoded, Body: data}, err
}

// invoke is what Forge's servers do.
func (h *host) invoke(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	var in platform.Invocation
	if err := json.Unmarshal(call.Payload, &in); err != nil {
		return bridge.Answer{}, err
	}
	proxy := platform.Proxy{Transport: memory{h.handler}}
	answer, err := proxy.Invoke(ctx, baseURL, in, platform.Credentials{FIT: "token"})
	if err != nil {
		return bridge.Answer{}, &bridge.HostError{Name: "Error", Message: err.Error()}
	}
	payload, err := json.Marshal(map[string]any{"success": true, "payload": answer})
	return bridge.Answer{Payload: payload}, err
}

// fetcher is the page's own fetch.
type fetcher struct{ handler http.Handler }

func (f fetcher) Fetch(ctx context.Context, request bridge.FetchRequest) (bridge.FetchResponse, error) {
	r, err := http.NewRequestWithContext(ctx, request.Method, request.URL, bytes.NewReader(request.Body))
	if err != nil {
		return bridge.FetchResponse{}, err
	}
	for name, values := range request.Header {
		r.Header.Set(name, toBytes(strings.Join(values, ", ")))
	}
	resp, err := memory(f).RoundTrip(r)
	switch {
	case err != nil && ctx.Err() != nil:
		return bridge.FetchResponse{}, context.Cause(ctx)
	case err != nil:
		return bridge.FetchResponse{}, bridge.ErrNetwork
	case resp.StatusCode/100 == 3 && resp.Header.Get("Location") != "":
		return bridge.FetchResponse{}, bridge.ErrInvalidResponse
	}
	header := bridge.Header{}
	for name, value := range pageHeader(resp.Header) {
		header.Set(name, value)
	}
	body := resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		data, err := unpacked(resp)
		if err != nil {
			return bridge.FetchResponse{}, err
		}
		body = io.NopCloser(bytes.NewReader(data))
	}
	return bridge.FetchResponse{Status: resp.StatusCode, Header: header, URL: request.URL, Body: body}, nil
}

// pageHeader gives the fields that a page sees, as it sees them: lower case, joined, Latin-1, without cookies.
func pageHeader(h http.Header) map[string]string {
	fields := map[string]string{}
	for name, values := range h {
		if name != "Set-Cookie" {
			fields[strings.ToLower(name)] = fromBytes(strings.Join(values, ", "))
		}
	}
	return fields
}

// fromBytes and toBytes turn the bytes of a field's value into text in Latin-1 and back.
func fromBytes(v string) string {
	text := make([]rune, len(v))
	for i := range len(v) {
		text[i] = rune(v[i])
	}
	return string(text)
}

func toBytes(text string) string {
	var b []byte
	for _, c := range text {
		b = append(b, byte(c))
	}
	return string(b)
}

// unpacked gives a body as a browser does.
func unpacked(r *http.Response) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "gzip" {
		return io.ReadAll(r.Body)
	}
	reader, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

// rebuildForm makes multipart/form-data of the JSON object that stands for it.
func rebuildForm(data []byte) (body []byte, contentType string, err error) {
	var fields map[string]string
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		switch {
		case strings.HasPrefix(name, "__file"):
		case strings.HasPrefix(name, "file"):
			_, encoded, _ := strings.Cut(value, ";base64,")
			content, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				return nil, "", err
			}
			header := textproto.MIMEHeader{
				"Content-Disposition": {multipart.FileContentDisposition(name, fields["__"+name+"Name"])},
				"Content-Type":        {fields["__"+name+"Type"]},
			}
			part, _ := w.CreatePart(header)
			_, _ = part.Write(content)
		default:
			_ = w.WriteField(name, value)
		}
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType(), nil
}
