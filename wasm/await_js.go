package wasm

import (
	"context"
	"sync"

	"github.com/hack-pad/safejs"
)

func await(ctx context.Context, promise jsValue) (jsValue, error) {
	value, err := awaitSafe(ctx, safejs.Safe(promise))
	return safejs.Unsafe(value), err
}

func awaitSafe(ctx context.Context, promise safejs.Value) (safejs.Value, error) {
	if ctx.Err() != nil {
		return safejs.Value{}, context.Cause(ctx)
	}
	done, id, err := awaits.add()
	if err != nil {
		return safejs.Value{}, err
	}
	if err := awaits.listen(id, promise); err != nil {
		awaits.remove(id)
		return safejs.Value{}, err
	}
	select {
	case s := <-done:
		return s.value, s.err
	case <-ctx.Done():
		awaits.remove(id)
		return safejs.Value{}, context.Cause(ctx)
	}
}

type settlement struct {
	value safejs.Value
	err   error
}

// promises are the promises that Await waits for. All share one JavaScript function: each promise gets that function
// with the promise's number bound to it, which JavaScript collects by itself.
type promises struct {
	mu     sync.Mutex
	lastID int
	done   map[int]chan<- settlement
	// settle is the shared function, created for the first promise.
	settle safejs.Func
}

var awaits promises

func (p *promises) add() (<-chan settlement, int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done == nil {
		settle, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
			p.settled(args)
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
		p.settle = settle
		p.done = make(map[int]chan<- settlement)
	}
	p.lastID++
	done := make(chan settlement, 1)
	p.done[p.lastID] = done
	return done, p.lastID, nil
}

func (p *promises) remove(id int) chan<- settlement {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := p.done[id]
	delete(p.done, id)
	return done
}

// listen makes the promise call settled with its number.
func (p *promises) listen(id int, promise safejs.Value) error {
	constructor, err := safejs.Global().Get("Promise")
	if err != nil {
		return err
	}
	fulfilled, err := p.settle.Value().Call("bind", safejs.Null(), id, true)
	if err != nil {
		return err
	}
	rejected, err := p.settle.Value().Call("bind", safejs.Null(), id, false)
	if err != nil {
		return err
	}
	promise, err = constructor.Call("resolve", promise)
	if err != nil {
		return err
	}
	_, err = promise.Call("then", fulfilled, rejected)
	return err
}

// settled takes the promise's number, whether it was fulfilled, and its value.
func (p *promises) settled(args []safejs.Value) {
	if len(args) < 3 {
		return
	}
	id, err := args[0].Int()
	done := p.remove(id)
	if err != nil || done == nil {
		return // Await has returned
	}
	s := settlement{value: args[2]}
	if ok, _ := args[1].Bool(); !ok {
		s.err = newRejection(args[2])
		s.value = safejs.Value{}
	}
	done <- s
}

func newRejection(v safejs.Value) *Rejection {
	e := &Rejection{Value: v}
	if v.Type() == safejs.TypeObject {
		e.Name = textOf(v, "name")
		e.Message = textOf(v, "message")
	}
	if e.Message == "" {
		if text, err := safejs.Global().Call("String", v); err == nil {
			e.Message, _ = text.String()
		}
	}
	return e
}

// textOf returns a string property, or "" if the property is not a string.
func textOf(v safejs.Value, property string) string {
	p, err := v.Get(property)
	if err != nil || p.Type() != safejs.TypeString {
		return ""
	}
	text, _ := p.String()
	return text
}
