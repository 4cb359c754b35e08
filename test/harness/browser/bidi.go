package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
)

// bidi is a connection of WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/).
type bidi struct {
	conn   *websocket.Conn
	listen func(method string, params json.RawMessage)

	mu      sync.Mutex
	last    int
	answers map[int]chan bidiMessage
	// ended is why there are no more answers.
	ended error
}

// bidiMessage is what the browser sends: the answer to a command, an error, or an event.
type bidiMessage struct {
	Type    string
	ID      int
	Result  json.RawMessage
	Code    string `json:"error"`
	Message string
	Method  string
	Params  json.RawMessage
}

// bidiError is the error of a command.
type bidiError struct{ method, code, message string }

func (e *bidiError) Error() string { return fmt.Sprintf("%s: %s: %s", e.method, e.code, e.message) }

// dialBidi connects to a browser. It calls listen for each event, in order. listen must not block.
func dialBidi(ctx context.Context, address string, listen func(method string, params json.RawMessage)) (*bidi, error) {
	conn, _, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1)
	b := &bidi{conn: conn, listen: listen, answers: map[int]chan bidiMessage{}}
	go b.receive()
	return b, nil
}

func (b *bidi) receive() {
	for {
		_, text, err := b.conn.Read(context.Background())
		var m bidiMessage
		if err == nil {
			err = json.Unmarshal(text, &m)
		}
		if err != nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.ended = fmt.Errorf("the browser has ended the connection: %w", err)
			for id, answer := range b.answers {
				close(answer)
				delete(b.answers, id)
			}
			return
		}
		if m.Type == "event" {
			b.listen(m.Method, m.Params)
			continue
		}
		b.mu.Lock()
		answer := b.answers[m.ID]
		delete(b.answers, m.ID)
		b.mu.Unlock()
		if answer != nil {
			answer <- m
		}
	}
}

// command runs a command and decodes its result into out, unless out is nil.
func (b *bidi) command(ctx context.Context, method string, params, out any) error {
	answer := make(chan bidiMessage, 1)
	b.mu.Lock()
	if b.ended != nil {
		b.mu.Unlock()
		return b.ended
	}
	b.last++
	id := b.last
	b.answers[id] = answer
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.answers, id)
		b.mu.Unlock()
	}()
	text, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return err
	}
	// Write closes the connection if its context ends, so it gets another one.
	if err := b.conn.Write(context.Background(), websocket.MessageText, text); err != nil {
		return err
	}
	select {
	case m, ok := <-answer:
		switch {
		case !ok:
			return errors.New("the browser has ended the connection")
		case m.Type == "error":
			return &bidiError{method, m.Code, m.Message}
		case out == nil:
			return nil
		}
		return json.Unmarshal(m.Result, out)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

func (b *bidi) close() { _ = b.conn.CloseNow() }
