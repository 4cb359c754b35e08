//go:build !js

package devhost

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

// post sends a request of the product's page and returns the answer.
func post(t *testing.T, h *Host, name, body string) string {
	t.Helper()
	_, text := testapp.Ask(t, http.MethodPost, h.URL()+"_host/"+name, body, "Content-Type", "application/json", "Origin", h.product.Origin)
	return text
}

func TestAsk(t *testing.T) {
	h, _ := startApp(t, settings{})
	if _, err := h.Ask(t.Context(), "theme", nil); !errors.Is(err, ErrNoWindow) || !strings.Contains(err.Error(), h.URL()) {
		t.Errorf("without a window: got %v, want ErrNoWindow and the address", err)
	}
	first, firstName := openSocket(t, h)
	second, _ := openSocket(t, h)
	type result struct {
		answer json.RawMessage
		err    error
	}
	ask := func(payload any) <-chan result {
		done := make(chan result, 1)
		go func() {
			answer, err := h.Ask(t.Context(), "theme", payload)
			done <- result{answer, err}
		}()
		return done
	}
	read := func(text json.RawMessage) (q question) {
		t.Helper()
		if err := json.Unmarshal(text, &q); err != nil {
			t.Fatal(err)
		}
		return q
	}

	done := ask(map[string]string{"theme": "dark"})
	m := second() // It was opened last.
	q := read(m.Payload)
	if m.Type != "ask" || q.Command != "theme" || string(q.Payload) != `{"theme":"dark"}` {
		t.Errorf("the window got %+v", m)
	}
	if text := post(t, h, "answer", `{"id":"`+q.ID+`","answer":{"a":[1]}}`); strings.Contains(text, "error") {
		t.Fatal(text)
	}
	if r := <-done; r.err != nil || string(r.answer) != `{"a":[1]}` {
		t.Errorf("got %s (%v)", r.answer, r.err)
	}
	if text := post(t, h, "answer", `{"id":"`+q.ID+`","answer":2}`); !strings.Contains(text, "Nobody waits") {
		t.Errorf("a second answer: got %s", text)
	}

	post(t, h, "used", `{"window":"`+firstName+`"}`)
	done = ask(nil)
	post(t, h, "answer", `{"id":"`+read(first().Payload).ID+`","error":"no such theme"}`)
	if r := <-done; r.err == nil || r.err.Error() != "no such theme" {
		t.Errorf("an error of the page: got %v", r.err)
	}

	done = ask(nil)
	post(t, h, "answer", `{"id":"`+read(first().Payload).ID+`","answer":"`+strings.Repeat("x", maxAnswer)+`"}`)
	if r := <-done; r.err == nil || !strings.Contains(r.err.Error(), "it may have 262144") {
		t.Errorf("a large answer: got %v", r.err)
	}
	if _, err := h.Ask(t.Context(), "call", strings.Repeat("x", maxQuestion)); err == nil || !strings.Contains(err.Error(), "it may have 1048576") {
		t.Errorf("a large payload: got %v", err)
	}
	if _, err := h.Ask(t.Context(), "call", func() {}); err == nil {
		t.Error("a payload that is not JSON: no error")
	}

	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Ask(canceled, "theme", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled context: got %v", err)
	}
	if len(h.questions.waiting) != 0 {
		t.Errorf("%d questions still wait", len(h.questions.waiting))
	}
	for id := range maxQuestions {
		if err := h.questions.add(string(rune(id)), nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Ask(t.Context(), "theme", nil); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("too many questions: got %v", err)
	}
}

func TestAskClosedWindow(t *testing.T) {
	h, _ := startApp(t, settings{})
	conn, _, err := dial(t.Context(), h, h.product.Origin)
	if err != nil {
		t.Fatal(err)
	}
	readFirst(t, conn)
	if open := h.Windows(); len(open) != 1 {
		t.Errorf("the open windows are %v, want one", open)
	}
	done := make(chan error, 1)
	go func() {
		_, err := h.Ask(t.Context(), "theme", nil)
		done <- err
	}()
	if m, err := read(t.Context(), conn); err != nil || m.Type != "ask" {
		t.Fatalf("got %+v (%v), want the question", m, err)
	}
	conn.CloseNow()
	if err := <-done; !errors.Is(err, ErrNoWindow) {
		t.Errorf("got %v, want ErrNoWindow", err)
	}
}
