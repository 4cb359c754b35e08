package bridge

import (
	"context"
	"errors"
	"syscall/js"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/wasm"
)

func (r *Response) value() (safejs.Value, error) {
	data, err := r.Bytes()
	if err != nil {
		return safejs.Value{}, err
	}
	value, err := r.newValue(data)
	if err != nil {
		return safejs.Value{}, &Error{r.op, r.remote, r.Status, &kindError{ErrInvalidResponse, "it cannot become a JavaScript Response: " + err.Error()}}
	}
	return value, nil
}

func (r *Response) newValue(data []byte) (safejs.Value, error) {
	body := safejs.Null()
	if len(data) > 0 {
		var err error
		if body, err = construct("Uint8Array", len(data)); err != nil {
			return safejs.Value{}, err
		}
		if _, err := safejs.CopyBytesToJS(body, data); err != nil {
			return safejs.Value{}, err
		}
	}
	headers, err := construct("Headers")
	if err != nil {
		return safejs.Value{}, err
	}
	for name, values := range r.Header {
		for _, value := range values {
			if _, err := headers.Call("append", name, value); err != nil {
				return safejs.Value{}, err
			}
		}
	}
	init, err := safejs.ValueOf(map[string]any{"status": r.Status, "statusText": r.StatusText, "headers": safejs.Unsafe(headers)})
	if err != nil {
		return safejs.Value{}, err
	}
	return construct("Response", body, init)
}

func construct(class string, args ...any) (safejs.Value, error) {
	constructor, err := safejs.Global().Get(class)
	if err != nil {
		return safejs.Value{}, err
	}
	return constructor.New(args...)
}

// responseOf is ResponseOf for a js.Value or a safejs.Value.
func responseOf(ctx context.Context, value any) (*Response, error) {
	switch value := value.(type) {
	case js.Value:
		return responseOfSafe(ctx, safejs.Safe(value))
	case safejs.Value:
		return responseOfSafe(ctx, value)
	}
	return nil, ErrInvalidResponse // not reached: these are all of wasm.AnyValue
}

func responseOfSafe(ctx context.Context, value safejs.Value) (*Response, error) {
	const op = "response"
	r, err := readResponse(value)
	if err != nil {
		return nil, &Error{Op: op, Err: &kindError{ErrInvalidResponse, "the value is not a Response: " + err.Error()}}
	}
	promise, err := value.Call("arrayBuffer")
	if err == nil {
		promise, err = wasm.Await(ctx, promise)
	}
	if ctx.Err() != nil {
		return nil, &Error{Op: op, Status: r.Status, Err: ctxerr.Of(ctx)}
	}
	if err != nil {
		return nil, &Error{Op: op, Status: r.Status, Err: &kindError{ErrNetwork, "the body could not be read: " + err.Error()}}
	}
	data, err := copyBuffer(promise)
	if err != nil {
		return nil, &Error{Op: op, Status: r.Status, Err: err}
	}
	r.op, r.Body = op, newBody(data)
	return r, nil
}

func copyBuffer(buffer safejs.Value) ([]byte, error) {
	array, err := construct("Uint8Array", buffer)
	if err != nil {
		return nil, err
	}
	n, err := array.Length()
	if err != nil {
		return nil, err
	}
	data := make([]byte, n)
	_, err = safejs.CopyBytesToGo(data, array)
	return data, err
}

// readResponse reads all but the body.
func readResponse(value safejs.Value) (*Response, error) {
	class, err := safejs.Global().Get("Response")
	if err != nil {
		return nil, err
	}
	if is, err := value.InstanceOf(class); err != nil || !is {
		return nil, errors.New("its type is " + value.Type().String())
	}
	p := properties{value: value}
	r := &Response{
		Status:     p.int("status"),
		StatusText: p.string("statusText"),
		URL:        p.string("url"),
		Redirected: p.bool("redirected"),
		Header:     Header{},
	}
	headers := p.get("headers")
	if p.err != nil {
		return nil, p.err
	}
	add, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		value, _ := args[0].String()
		name, _ := args[1].String()
		r.Header.Add(name, value)
		return nil
	})
	if err != nil {
		return nil, err
	}
	defer add.Release()
	_, err = headers.Call("forEach", add)
	return r, err
}

// properties reads properties of a JavaScript value and keeps the first error.
type properties struct {
	value safejs.Value
	err   error
}

func (p *properties) get(name string) safejs.Value {
	v, err := p.value.Get(name)
	p.keep(err)
	return v
}

func (p *properties) int(name string) int {
	n, err := p.get(name).Int()
	p.keep(err)
	return n
}

func (p *properties) string(name string) string {
	s, err := p.get(name).String()
	p.keep(err)
	return s
}

func (p *properties) bool(name string) bool {
	b, err := p.get(name).Bool()
	p.keep(err)
	return b
}

func (p *properties) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}
