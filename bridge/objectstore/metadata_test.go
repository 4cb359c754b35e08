package objectstore_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/objectstore"
)

func TestGetMetadata(t *testing.T) {
	s := &store{answer: func(payload string) (string, error) {
		switch payload {
		case `{"key":"a"}`:
			return `{"key":"a","checksum":"c","size":5,"createdAt":"2026-01-02T03:04:05.678Z"}`, nil
		case `{"key":"b"}`:
			return `{"key":"b","error":"no such object","createdAt":"yesterday"}`, nil
		case `{"key":"c"}`:
			return ``, nil
		case `{"key":"d"}`:
			return `null`, nil
		}
		return `"text"`, nil
	}}
	all, err := objectstore.GetMetadata(s.context(t.Context()), "meta", "a", "b", "c", "d", "e")
	if err != nil {
		t.Fatal(err)
	}
	wantSent := []string{`trackObjectStoreAction {"action":"getMetadata"}`}
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		wantSent = append(wantSent, `invoke {"functionKey":"meta","payload":{"key":"`+key+`"}}`)
	}
	if !slices.Equal(s.sent, wantSent) {
		t.Errorf("sent %q\nwant %q", s.sent, wantSent)
	}
	if m := all[0]; m.Key != "a" || m.Checksum != "c" || m.Size != 5 || m.CreatedAt.UnixMilli() != 1767323045678 || m.Err != nil {
		t.Errorf("got %+v", m)
	}
	if m := all[1]; m.Err == nil || m.Err.Error() != "no such object" || !m.CreatedAt.IsZero() {
		t.Errorf("got %+v", m)
	}
	for i, key := range []string{"c", "d", "e"} {
		if m := all[2+i]; m.Key != key || !errors.Is(m.Err, bridge.ErrInvalidResponse) {
			t.Errorf("got %+v, want ErrInvalidResponse of %s", m, key)
		}
	}
}

func TestDelete(t *testing.T) {
	s := &store{answer: always(`{"anything":1}`)}
	if err := objectstore.Delete(s.context(t.Context()), "remove", "a", "b"); err != nil {
		t.Fatal(err)
	}
	want := []string{`trackObjectStoreAction {"action":"delete"}`, `invoke {"functionKey":"remove","payload":{"key":"a"}}`, `invoke {"functionKey":"remove","payload":{"key":"b"}}`}
	if !slices.Equal(s.sent, want) {
		t.Errorf("sent %q\nwant %q", s.sent, want)
	}
}

func TestOneObjectFails(t *testing.T) {
	for name, call := range map[string]func(ctx context.Context, function string, keys ...string) error{
		"delete": objectstore.Delete,
		"getMetadata": func(ctx context.Context, function string, keys ...string) error {
			_, err := objectstore.GetMetadata(ctx, function, keys...)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &store{answer: func(payload string) (string, error) {
				if strings.Contains(payload, "b") {
					return "", &bridge.HostError{Message: "not b"}
				}
				return `{}`, nil
			}}
			ctx := s.context(t.Context())
			if err := call(ctx, "f", "a", "b", "c"); !errors.Is(err, bridge.ErrRejected) || len(s.sent) != 4 {
				t.Errorf("got %v after %q, want ErrRejected after all calls", err, s.sent)
			}
			if err := call(ctx, "", "a"); !errors.Is(err, bridge.ErrInvalidRequest) {
				t.Errorf("no function: got %v, want ErrInvalidRequest", err)
			}
			if err := call(ctx, "f"); !errors.Is(err, bridge.ErrInvalidRequest) {
				t.Errorf("no keys: got %v, want ErrInvalidRequest", err)
			}
		})
	}
}
