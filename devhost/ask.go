package devhost

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/window"
)

const (
	// askLimit is how long a page may take to answer.
	askLimit = time.Minute
	// maxQuestion and maxAnswer are the largest sizes of a question's payload and of an answer, in bytes.
	maxQuestion = 1 << 20
	maxAnswer   = 256 << 10
	// maxQuestions is how many questions may wait for an answer.
	maxQuestions = 100
)

// questions wait for the answers of pages. The zero value is ready to use.
type questions struct {
	mu      sync.Mutex
	waiting map[string]chan<- answerInput
}

// question is the payload of the message "ask".
type question struct {
	ID      string          `json:"id"`
	Command string          `json:"command"`
	Payload json.RawMessage `json:"payload"`
}

// answerInput is the answer of a page.
type answerInput struct {
	ID     string          `json:"id"`
	Answer json.RawMessage `json:"answer"`
	Error  string          `json:"error"`
}

// Ask sends a command to the open product page that was used last, and returns its answer, which holds no tokens. The
// commands are "call", whose payload {"command", "payload"} is a call as the app makes it, and "theme", whose payload
// {"theme"} is "light", "dark" or "auto". Ask returns ErrNoWindow if no page is open, and an error if the page refuses,
// closes or does not answer within a minute. It is safe for concurrent use.
func (h *Host) Ask(ctx context.Context, command string, payload any) (json.RawMessage, error) {
	w := h.windows.Latest()
	if w == nil {
		return nil, fmt.Errorf("%w: open %s", ErrNoWindow, h.URL())
	}
	return h.ask(ctx, w, command, payload)
}

func (h *Host) ask(ctx context.Context, w *window.Window, command string, payload any) (json.RawMessage, error) {
	text, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("the payload is not JSON: %w", err)
	}
	if len(text) > maxQuestion {
		return nil, fmt.Errorf("the payload has %d bytes; it may have %d", len(text), maxQuestion)
	}
	id, answered := rand.Text(), make(chan answerInput, 1)
	if err := h.questions.add(id, answered); err != nil {
		return nil, err
	}
	defer h.questions.remove(id)
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	w.Send(message("ask", question{id, command, text}))
	select {
	case a := <-answered:
		return a.result()
	case <-w.Closed():
		select {
		case a := <-answered: // A page may leave as soon as it has answered.
			return a.result()
		default:
		}
		return nil, fmt.Errorf("%w: the page closed before it answered; open %s", ErrNoWindow, h.URL())
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, fmt.Errorf("the page has not answered %s in time", command)
		}
		return nil, context.Cause(ctx)
	}
}

func (a answerInput) result() (json.RawMessage, error) {
	switch {
	case a.Error != "":
		return nil, errors.New(a.Error)
	case len(a.Answer) > maxAnswer:
		return nil, fmt.Errorf("the answer has %d bytes; it may have %d", len(a.Answer), maxAnswer)
	}
	return a.Answer, nil
}

func (q *questions) add(id string, answered chan<- answerInput) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= maxQuestions {
		return errors.New("too many commands wait for the page; wait for their answers")
	}
	if q.waiting == nil {
		q.waiting = map[string]chan<- answerInput{}
	}
	q.waiting[id] = answered
	return nil
}

func (q *questions) remove(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.waiting, id)
}

// answer passes on the answer of a page. A question has one answer.
func (h *Host) answer(_ context.Context, in answerInput) (struct{}, error) {
	q := &h.questions
	q.mu.Lock()
	defer q.mu.Unlock()
	answered := q.waiting[in.ID]
	if answered == nil {
		return struct{}{}, &apierror.Error{Code: "INVALID_REQUEST", Message: "Nobody waits for this answer."}
	}
	delete(q.waiting, in.ID)
	answered <- in
	return struct{}{}, nil
}

// usedInput names the window that the user has turned to.
type usedInput struct {
	Window string `json:"window"`
}

func (h *Host) used(_ context.Context, in usedInput) (struct{}, error) {
	h.windows.Use(in.Window)
	return struct{}{}, nil
}
