package bridge_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

type send = func(context.Context, bridge.Request) (*bridge.Response, error)

func TestProducts(t *testing.T) {
	for name, c := range map[string]struct {
		send send
		op   string
	}{
		"jira":       {bridge.RequestJira, "requestJira"},
		"confluence": {bridge.RequestConfluence, "requestConfluence"},
		"bitbucket":  {bridge.RequestBitbucket, "requestBitbucket"},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"status":404,"statusText":"Not Found","headers":{"content-type":"application/json"}}`, `{"a":1}`)
			ctx := bridge.NewContext(t.Context(), client)
			resp, err := c.send(ctx, bridge.Request{Path: "/rest/x?a=b"})
			if err != nil {
				t.Fatal(err)
			}
			call := (*calls)[0]
			if call.Command != "fetchProduct" || !call.Fetch || call.Body != nil {
				t.Errorf("got %+v", call)
			}
			sameJSON(t, call.Payload, `{"product":"`+name+`","restPath":"/rest/x?a=b","fetchRequestInit":{"headers":[["x-atlassian-token","no-check"]],"body":null},"isMultipartFormData":false}`)
			if text, err := resp.Text(); resp.Status != 404 || text != `{"a":1}` || err != nil {
				t.Errorf("got %d, %q, %v", resp.Status, text, err)
			}
			if err := resp.Err(); err == nil || err.Error() != "bridge: "+c.op+": the product answered 404 Not Found" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func form(fill func(*bridge.FormData)) bridge.Body {
	f := new(bridge.FormData)
	fill(f)
	return f
}

func TestProductRequest(t *testing.T) {
	for name, c := range map[string]struct {
		request    bridge.Request
		init, body string
		form       string
	}{
		"JSON": {
			bridge.Request{Method: "PUT", Path: "/", Header: bridge.Header{"Accept": {"application/json"}}, Body: bridge.JSON(1)},
			`{"method":"PUT","headers":[["accept","application/json"],["content-type","application/json"],["x-atlassian-token","no-check"]],"body":""}`, "1", "false",
		},
		"a token header of the caller's": {
			bridge.Request{Path: "/", Header: bridge.Header{"x-atlassian-token": {"check"}, "X-Z": {"1"}}},
			`{"headers":[["x-atlassian-token","check"],["x-z","1"]],"body":null}`, "", "false",
		},
		"without a body": {
			bridge.Request{Method: "DELETE", Path: "/"},
			`{"method":"DELETE","headers":[["x-atlassian-token","no-check"]],"body":""}`, "", "false",
		},
		"an attachment": {
			bridge.Request{Method: "POST", Path: "/", Body: form(func(f *bridge.FormData) {
				f.Field("fileComment", "hi")
				f.File("file", "a.png", "image/png", []byte{0, 255})
			})},
			`{"method":"POST","headers":[["content-type","text/plain;charset=UTF-8"],["x-atlassian-token","no-check"]],"body":""}`,
			`{"fileComment":"hi","file":"data:image/png;base64,AP8=","__fileName":"a.png","__fileType":"image/png"}`, "true",
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"status":200}`, "")
			ctx := bridge.NewContext(t.Context(), client)
			if _, err := bridge.RequestJira(ctx, c.request); err != nil {
				t.Fatal(err)
			}
			call := (*calls)[0]
			sameJSON(t, call.Payload, `{"product":"jira","restPath":"/","fetchRequestInit":`+c.init+`,"isMultipartFormData":`+c.form+`}`)
			if string(call.Body) != c.body {
				t.Errorf("body %q, want %q", call.Body, c.body)
			}
		})
	}
}

func TestProductRequestInvalid(t *testing.T) {
	for name, c := range map[string]struct {
		request bridge.Request
		says    string
	}{
		"no path":             {bridge.Request{}, "Path"},
		"a path with no root": {bridge.Request{Path: "rest/api/3/myself"}, "/rest/api/3/myself"},
		"a body on GET":       {bridge.Request{Path: "/", Body: bridge.Text("x")}, "Body"},
		"TRACE":               {bridge.Request{Method: "TRACE", Path: "/"}, "Method"},
		"a stream":            {bridge.Request{Method: "POST", Path: "/", Body: bridge.Reader(strings.NewReader(""))}, "stream"},
		"bytes":               {bridge.Request{Method: "POST", Path: "/", Body: bridge.Bytes([]byte{255})}, "UTF-8"},
		"a file of another name": {bridge.Request{Method: "POST", Path: "/", Body: form(func(f *bridge.FormData) {
			f.File("file2", "a", "", nil)
		})}, `the name "file"`},
		"a text named file": {bridge.Request{Method: "POST", Path: "/", Body: form(func(f *bridge.FormData) {
			f.Field("file", "a")
		})}, "must be a file"},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"status":200}`, "")
			ctx := bridge.NewContext(t.Context(), client)
			_, err := bridge.RequestJira(ctx, c.request)
			if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), c.says) || len(*calls) != 0 {
				t.Errorf("got %v after %d calls", err, len(*calls))
			}
		})
	}
}

func TestProductAnswerInvalid(t *testing.T) {
	client, _ := answering(`{"status":1000}`, "")
	ctx := bridge.NewContext(t.Context(), client)
	if _, err := bridge.RequestJira(ctx, bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrInvalidResponse) {
		t.Errorf("got %v, want ErrInvalidResponse", err)
	}
}
