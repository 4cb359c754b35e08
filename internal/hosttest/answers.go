package hosttest

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// answers tests what a fetch returns.
var answers = []Case{
	{"the method and the header reach the remote", func(ctx context.Context, host bridge.Host) error {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			r, _, err := do(ctx, host, fetch(method, "/echo", nil, map[string]string{"x-sent": "a, b"}))
			if err != nil {
				return fmt.Errorf("%s: %w", method, err)
			}
			if r.Status != 200 || r.Headers["x-method"] != method || r.Headers["x-sent"] != "a, b" {
				return fmt.Errorf("%s returned %+v", method, r)
			}
		}
		return nil
	}},
	{"every status is returned", func(ctx context.Context, host bridge.Host) error {
		for _, status := range []int{200, 201, 204, 400, 401, 403, 404, 409, 422, 429, 500, 503} {
			r, body, err := do(ctx, host, fetch("GET", fmt.Sprint("/status/", status), nil, nil))
			if err != nil {
				return fmt.Errorf("%d: %w", status, err)
			}
			if r.Status != status || len(body) != 0 {
				return fmt.Errorf("status %d is returned as %d with %d bytes", status, r.Status, len(body))
			}
		}
		return nil
	}},
	{"a string body is beside the payload, even if it is empty", func(ctx context.Context, host bridge.Host) error {
		for _, body := range []string{"", "text"} {
			r, got, err := do(ctx, host, fetch("POST", "/echo", []byte(body), nil))
			if err != nil {
				return err
			}
			if got == nil || string(got) != body || r.Body != nil {
				return fmt.Errorf("%q is returned as %#v, and in the payload as %v", body, got, r.Body)
			}
		}
		return nil
	}},
	{"a binary body is an attachment in base64", func(ctx context.Context, host bridge.Host) error {
		r, body, err := do(ctx, host, fetch("GET", "/bytes", nil, nil))
		if err != nil {
			return err
		}
		_, data, _ := strings.Cut(string(body), ",")
		got, err := base64.StdEncoding.DecodeString(data)
		if !r.IsAttachment || err != nil || string(got) != "\x00\xff\xfea" {
			return fmt.Errorf("attachment: %t, body %q", r.IsAttachment, body)
		}
		return nil
	}},
	{"a request without an answer is refused", func(ctx context.Context, host bridge.Host) error {
		_, _, err := do(ctx, host, fetch("GET", "/cut", nil, nil))
		return refused(err)
	}},
}
