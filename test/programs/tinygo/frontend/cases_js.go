package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/product"
	"github.com/forgego/forgego/internal/hosttest"
	"github.com/forgego/forgego/wasm"
)

var cases = []struct {
	name string
	play func(ctx context.Context) error
}{
	{"bodies of all sizes", sizes},
	{"a thousand calls at once", many},
	{"exceptions are errors", exceptions},
	{"a call that is given up", givenUp},
	{"a deadline", deadline},
	{"an answer that is nested deeply", deep},
	{"callbacks and a subscription", callbacks},
	{"memory grows", grows},
	{"a function of the app", invoke},
	{"server-sent events", events},
	{"references", references},
	{"goroutines leave nothing", stacks},
	{"an error of the app", func(ctx context.Context) error {
		wasm.Go(ctx, func(context.Context) error { return errors.New("the disk is full") })
		return nil
	}},
	{"a panic", func(context.Context) error {
		time.AfterFunc(time.Millisecond, func() { panic("the disk is full") })
		return nil
	}},
	{"the direct way", direct},
}

func sizes(ctx context.Context) error {
	var all sync.WaitGroup
	failed := make(chan error, 100)
	for _, character := range []string{"x", "ü", "世", "🎉"} {
		for _, size := range []int{0, 1, 1 << 10, 21800, 21846, 65536, 1 << 18} {
			all.Go(func() {
				if err := echo(ctx, "echo", strings.Repeat(character, size)); err != nil {
					failed <- err
				}
			})
		}
	}
	all.Wait()
	close(failed)
	return <-failed
}

func many(ctx context.Context) error {
	var all sync.WaitGroup
	failed := make(chan error, 1000)
	for i := range 1000 {
		all.Go(func() {
			if err := echo(ctx, "later", strconv.Itoa(i)); err != nil {
				failed <- err
			}
		})
	}
	all.Wait()
	close(failed)
	return <-failed
}

func exceptions(ctx context.Context) error {
	for remote, want := range map[string]bridge.HostError{
		"throws":     {Name: "RangeError", Message: "too far", Code: "E_FAR"},
		"rejects":    {Message: "just text"},
		"unreadable": {Message: "the host's error cannot be read"},
	} {
		_, err := request(ctx, remote, "")
		if got, ok := errors.AsType[*bridge.HostError](err); !ok || *got != want || !errors.Is(err, bridge.ErrRejected) {
			return fmt.Errorf("%s returned %v", remote, err)
		}
	}
	if _, err := request(ctx, "cycle", ""); !errors.Is(err, bridge.ErrRejected) {
		return fmt.Errorf("an answer that has no JSON form returned %v", err)
	}
	return nil
}

func givenUp(ctx context.Context) error {
	cause := errors.New("the user went on")
	for range 100 {
		ctx, cancel := context.WithCancelCause(ctx)
		time.AfterFunc(time.Millisecond, func() { cancel(cause) })
		if _, err := request(ctx, "held", "late"); !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
			return fmt.Errorf("it returned %v", err)
		}
	}
	if _, err := request(ctx, "let go", ""); err != nil {
		return err
	}
	return echo(ctx, "echo", "mine")
}

func deadline(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if _, err := request(ctx, "held", ""); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("it returned %v", err)
	}
	return nil
}

// tree is a type with nested values, in the form that takes most of the stack.
type tree struct {
	Name     string           `json:"name"`
	Children []tree           `json:"children"`
	Named    map[string]*tree `json:"named"`
}

// deep uses deeply nested values, which must not overflow the stack, and some values that are too deep for encoding/json.
func deep(ctx context.Context) error {
	if _, err := request(ctx, "deep", "5000"); err != nil {
		return fmt.Errorf("5,000 deep: %w", err)
	}
	for depth, want := range map[int]error{30: nil, 400: bridge.ErrInvalidResponse} {
		if _, err := product.GetUserRecommendations[any](ctx, strconv.Itoa(depth)); !errors.Is(err, want) {
			return fmt.Errorf("an answer of the product's that is %d deep returned %v", depth, err)
		}
	}
	for _, c := range []struct{ open, middle, end string }{
		{`[`, `1`, `]`},
		{`{"children":[`, `{"name":"leaf"}`, `]}`},
		{`{"named":{"a":`, `{"name":"leaf"}`, `}}`},
	} {
		levels := len(c.end)
		for depth, want := range map[int]error{30: nil, 36: bridge.ErrInvalidResponse, 9000: bridge.ErrInvalidResponse} {
			text := strings.Repeat(c.open, depth/levels) + c.middle + strings.Repeat(c.end, depth/levels)
			var anything any
			var trees tree
			var into any = &anything
			if c.open[0] == '{' {
				into = &trees
			}
			response, err := bridge.RequestRemote(ctx, "echo", bridge.Request{Method: "POST", Path: "/", Body: bridge.Text(text)})
			if err != nil {
				return err
			}
			if err := response.JSON(into); !errors.Is(err, want) {
				return fmt.Errorf("%s %d deep returned %v", c.open, depth, err)
			}
			if err := echo(ctx, "echo", "still there"); err != nil {
				return err
			}
		}
	}
	return nil
}

func callbacks(ctx context.Context) error {
	called := make(chan string, 3)
	stop, err := bridge.Default().Subscribe(ctx, "subscribe", bridge.Call{Command: "subscribe", Payload: []byte(`{"callback":null}`)},
		bridge.Callback{Path: "callback", Func: func(arguments []byte) { called <- string(arguments) }})
	if err != nil {
		return err
	}
	for i := range 3 {
		if got, want := <-called, `[`+strconv.Itoa(i)+`,"text"]`; got != want {
			return fmt.Errorf("the callback gets %s, want %s", got, want)
		}
	}
	stop()
	for js.Global().Get("unsubscribed").IsUndefined() {
		if ctx.Err() != nil {
			return errors.New("the host's unsubscribe was not called")
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

func invoke(ctx context.Context) error {
	type value struct {
		Text   string    `json:"text"`
		Number float64   `json:"number"`
		List   []int     `json:"list"`
		At     time.Time `json:"at"`
	}
	sent := value{Text: "ü", Number: 1e-7, List: []int{1, -2}, At: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	got, err := bridge.Invoke[struct{ Got value }](ctx, "f", sent)
	if err == nil && fmt.Sprint(got.Got) != fmt.Sprint(sent) {
		err = fmt.Errorf("%v came back as %v", sent, got)
	}
	return err
}

// events reads a stream of two events and leaves it.
func events(ctx context.Context) error {
	ctx = bridge.NewContext(ctx, bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.HostTokens())))
	query := url.Values{"type": {"text/event-stream"}, "body": {"id: 1\ndata: a\n\nevent: x\ndata: b\ndata: c\n\n"}}
	all, count := "", 0
	for event, err := range bridge.ServerSentEvents(ctx, hosttest.RemoteKey, bridge.Request{Path: "/answer?" + query.Encode()}) {
		if err != nil {
			return err
		}
		all += fmt.Sprintf("%s %s %q;", event.ID, event.Type, event.Data)
		if count++; count == 2 {
			break
		}
	}
	if want := `1 message "a";1 x "b\nc";`; all != want {
		return fmt.Errorf("they are %s, want %s", all, want)
	}
	return nil
}

func grows(ctx context.Context) error {
	var kept [][]byte
	for i := range 20 {
		kept = append(kept, make([]byte, 2<<20))
		if err := echo(ctx, "echo", "call "+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	if len(kept[19]) != 2<<20 {
		return errors.New("the memory is gone")
	}
	return nil
}

// references counts the JavaScript values that the program refers to, in the table of wasm_exec.js.
func references(ctx context.Context) error {
	js.Global().Call("eval", `{
		const resume = Go.prototype._resume;
		Go.prototype._resume = function () { globalThis.testedGo = this; return resume.call(this); };
		globalThis.countReferences = () => testedGo._ids.size;
	}`)
	woken := make(chan bool, 1)
	wake := js.FuncOf(func(js.Value, []js.Value) any {
		woken <- true
		return nil
	})
	defer wake.Release()
	js.Global().Call("setTimeout", wake) // the Go object becomes visible
	<-woken
	calls := func(n int) (references int, err error) {
		for i := range n {
			remote := "echo"
			if i%10 == 9 {
				remote = "rejects"
			}
			if _, err := request(ctx, remote, "text"); err != nil && remote == "echo" {
				return 0, err
			}
		}
		return js.Global().Call("countReferences").Int(), nil
	}
	if _, err := calls(100); err != nil {
		return err
	}
	after1000, err := calls(900)
	if err != nil {
		return err
	}
	after10000, err := calls(9_000)
	if err == nil && after10000 != after1000 {
		err = fmt.Errorf("%d references after 1,000 calls, %d after 10,000", after1000, after10000)
	}
	if err == nil && after1000 == 0 {
		err = errors.New("there are no references, so this case checks nothing")
	}
	return err
}

// stacks makes goroutines wait for their calls, and counts the bytes of the heap, which contains the stacks: 128 KiB each.
func stacks(ctx context.Context) error {
	heap := func(rounds int) (bytes int64, err error) {
		for range rounds {
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() { err = errors.Join(err, echo(ctx, "later", "5")) })
			}
			all.Wait()
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc), err
	}
	first, err := heap(10)
	if err != nil {
		return err
	}
	const more = 50
	second, err := heap(more)
	// TinyGo's collector takes each number that looks like an address for one, so some stacks stay for a while: up to a tenth.
	if err == nil && second-first > more*50*(128<<10)/4 {
		err = fmt.Errorf("%d bytes after 500 goroutines, %d after 3,000", first, second)
	}
	return err
}

// direct makes requests with the page's own fetch and one token for all of them.
func direct(ctx context.Context) error {
	tokens := bridge.NewTokenCache(bridge.HostTokens())
	client := bridge.New(bridge.PageHost(), bridge.WithDirect(tokens))
	for i := range 20 {
		body := string([]byte{0, 0xFF, byte(i)})
		response, err := bridge.RequestRemote(bridge.NewContext(ctx, client), hosttest.RemoteKey, bridge.Request{Method: "POST", Path: "/echo", Body: bridge.Bytes([]byte(body))})
		if err != nil {
			return err
		}
		if got, err := response.Bytes(); err != nil || string(got) != body || response.Status != 200 {
			return fmt.Errorf("request %d: %d, %q (%v)", i, response.Status, got, err)
		}
	}
	if stats := tokens.Stats(); stats.Mints != 1 {
		return fmt.Errorf("%d tokens for 20 requests", stats.Mints)
	}
	return nil
}
