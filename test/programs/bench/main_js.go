// Program program makes our client's calls when the benchmark asks for them. A whole sample runs in Go, so that the time to
// ask for it does not count.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"syscall/js"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/test/tools/bench/spec"
	"github.com/forgego/forgego/wasm"
)

func main() {
	wasm.Run(func(ctx context.Context) error {
		for name, f := range map[string]func(context.Context, []byte) (any, error){
			"goPrepare": prepare,
			"goSample":  sample,
			"goLeaks":   leaks,
			"goState":   state,
		} {
			do := func(ctx context.Context, text string) (string, error) {
				result, err := f(ctx, []byte(text))
				if err != nil {
					return "", err
				}
				b, err := json.Marshal(result)
				return string(b), err
			}
			if js.Global().Get("document").IsUndefined() { // in a worker
				wasm.ExportFunc(ctx, name, do)
				continue
			}
			_, err := wasm.Export(ctx, name, func(ctx context.Context, args []safejs.Value) (any, error) {
				text, err := args[0].String()
				if err != nil {
					return nil, err
				}
				return do(ctx, text)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// The data that the calls send.
var (
	text  string
	shape string
	value any // a *spec.List or a *spec.Board
)

// The answers that the calls read, if they are kept.
var (
	keptTexts []string
	keptBytes [][]byte
	keptTitle []string
)

func prepare(ctx context.Context, args []byte) (any, error) {
	var body spec.Body
	if err := json.Unmarshal(args, &body); err != nil {
		return nil, err
	}
	text, shape = body.Text, body.Shape
	value = &spec.List{}
	if shape == spec.Nested {
		value = &spec.Board{}
	}
	if err := json.Unmarshal([]byte(text), value); err != nil {
		return nil, err
	}
	return nil, prepareBare(ctx)
}

func sample(ctx context.Context, args []byte) (any, error) {
	var s spec.Sample
	if err := json.Unmarshal(args, &s); err != nil {
		return nil, err
	}
	return play(ctx, &s)
}

func play(ctx context.Context, s *spec.Sample) (any, error) {
	keptTexts, keptBytes, keptTitle = nil, nil, nil
	var bytes int
	var failure error
	call := func(c *bridge.Client) {
		n, err := one(ctx, c, s)
		bytes += n // only one goroutine of a page runs at a time
		if err != nil {
			failure = err
		}
	}
	start := time.Now()
	if s.AtOnce == 1 {
		for range s.Calls {
			call(clients.next(1))
		}
	} else {
		for done := 0; done < s.Calls; done += s.AtOnce {
			c := clients.next(s.AtOnce)
			var wg sync.WaitGroup
			for range s.AtOnce {
				wg.Go(func() { call(c) })
			}
			wg.Wait()
		}
	}
	took := time.Since(start)
	kept := 0
	for _, title := range keptTitle {
		kept += len(title)
	}
	return spec.Result{Milliseconds: float64(took) / float64(time.Millisecond), Bytes: bytes, Kept: kept}, failure
}

// one makes one call and returns the amount that was read.
func one(ctx context.Context, c *bridge.Client, s *spec.Sample) (int, error) {
	if s.Bare {
		return bare(ctx, s)
	}
	r := request()
	switch s.Read {
	case spec.Value:
		r.Body = bridge.JSON(value)
	case spec.Cancelled:
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go cancel() // runs while the call waits
	}
	var response *bridge.Response
	var err error
	if s.Op == spec.InvokeRemote {
		response, err = bridge.InvokeRemote(bridge.NewContext(ctx, c), r)
	} else {
		response, err = bridge.RequestRemote(bridge.NewContext(ctx, c), "tasks-api", r)
	}
	if s.Read == spec.Cancelled && errors.Is(err, context.Canceled) || s.Read == spec.Refused && errors.Is(err, bridge.ErrRejected) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	switch s.Read {
	case spec.Unread:
		return 0, nil
	case spec.Text:
		text, err := response.Text()
		if s.Keep {
			keptTexts = append(keptTexts, text)
		}
		return len(text), err
	case spec.Bytes:
		b, err := response.Bytes()
		if s.Keep {
			keptBytes = append(keptBytes, b)
		}
		return len(b), err
	case spec.Value:
		if shape == spec.Nested {
			var board spec.Board
			err := response.JSON(&board)
			return len(board.Items), err
		}
		var list spec.List
		err := response.JSON(&list)
		if s.KeepText && len(list.Items) > 0 {
			keptTitle = append(keptTitle, list.Items[len(list.Items)/2].Title)
		}
		return len(list.Items), err
	}
	return 0, fmt.Errorf("a call that should be %s was answered", s.Read)
}

func request() bridge.Request {
	return bridge.Request{
		Method: "POST",
		Path:   "/tasks?project=FORGE&limit=50",
		Header: bridge.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}},
		Body:   bridge.Text(text),
	}
}

// clients provides clients that are below the limit of InvokeRemote: a new one for every 500 calls.
var clients supply

type supply struct {
	client *bridge.Client
	left   int
}

func (s *supply) next(calls int) *bridge.Client {
	if s.left < calls {
		s.client, s.left = bridge.New(bridge.PageHost()), 500
	}
	s.left -= calls
	return s.client
}
