//go:build !js

package exported

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// script is the JavaScript end of a test. It records what the program does.
type script struct {
	mu      sync.Mutex
	log     []string
	numbers map[string]uint32
	// called gets the number of each call of a function in an input.
	called chan uint32
}

func newScript(t *testing.T) (*script, *registry) {
	s := &script{numbers: map[string]uint32{}, called: make(chan uint32, 10)}
	r := newRegistry(s)
	t.Cleanup(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, next := range r.idle {
			close(next)
		}
	})
	return s, r
}

func (s *script) add(name string, number, flags uint32) {
	s.numbers[name] = number
	s.log = append(s.log, fmt.Sprintf("add %s %d", name, flags))
}

func (s *script) remove(name string) { s.write("remove %s", name) }

func (s *script) reply(id, flags uint32, data []byte, index, number uint32) {
	if flags&replyCall != 0 {
		s.write("call %d of %d: %s", index, id, data)
		s.called <- number
		return
	}
	s.write("reply %d %d %s", id, flags, data)
}

func (s *script) write(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

func (s *script) want(t *testing.T, lines ...string) {
	t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.log, lines) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(s.log, "\n  "), strings.Join(lines, "\n  "))
	}
	s.log = nil
}

// single is a function that sends the result of f.
func single(f func(ctx context.Context, input string) (string, error)) Function {
	return Function{Run: func(ctx context.Context, input []byte, send func([]byte, bool) bool) error {
		output, err := f(ctx, string(input))
		if err == nil {
			send([]byte(output), false)
		}
		return err
	}}
}

func TestCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := newScript(t)
		stop, err := r.add(t.Context(), "echo", single(func(_ context.Context, input string) (string, error) {
			if input == "" {
				return "", errors.New("it is empty")
			}
			return input, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		s.want(t, "add echo 0")
		r.tell(tellCall, 1, s.numbers["echo"], []byte("a"))
		s.want(t, "reply 1 2 a")
		r.tell(tellCall, 2, s.numbers["echo"], nil)
		s.want(t, `reply 2 10 {"name":"Error","message":"it is empty"}`)
		stop()
		stop()
		s.want(t, "remove echo")
		r.tell(tellCall, 3, s.numbers["echo"], []byte("a"))
		s.want(t, `reply 3 10 {"name":"Error","message":"the program does not export this function any more"}`)
		if len(r.calls)+len(r.functions)+len(r.names)+len(r.waiting) != 0 {
			t.Errorf("something is left: %+v", r)
		}
	})
}

// TestStopCall checks that the context of a call ends when JavaScript stops it, and when the function is removed.
func TestStopCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := newScript(t)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := r.add(ctx, "wait", single(func(ctx context.Context, input string) (string, error) {
			<-ctx.Done()
			s.write("over %s", input)
			return "", ctx.Err()
		}))
		if err != nil {
			t.Fatal(err)
		}
		s.want(t, "add wait 0")
		r.tell(tellCall, 1, s.numbers["wait"], []byte("a"))
		r.tell(tellCall, 2, s.numbers["wait"], []byte("b"))
		r.tell(tellStop, 1, 0, nil)
		s.want(t, "over a", `reply 1 10 {"name":"AbortError","message":"context canceled"}`)
		r.tell(tellStop, 1, 0, nil) // it is over already
		cancel()
		synctest.Wait()
		slices.Sort(s.log) // they happen at the same time
		s.want(t, "over b", "remove wait", `reply 2 10 {"name":"AbortError","message":"context canceled"}`)
	})
}

func TestSequence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := newScript(t)
		_, err := r.add(t.Context(), "count", Function{Flags: FlagSeq, Run: func(_ context.Context, _ []byte, send func([]byte, bool) bool) error {
			defer s.write("end")
			for i := range 2 {
				if !send([]byte{byte('0' + i)}, i == 1) {
					return nil
				}
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		s.want(t, "add count 4")
		r.tell(tellCall, 1, s.numbers["count"], nil)
		s.want(t, "reply 1 0 0") // the next value is not computed before it is wanted
		r.tell(tellNext, 1, 0, nil)
		s.want(t, "reply 1 1 1")
		r.tell(tellNext, 1, 0, nil)
		s.want(t, "end", "reply 1 6 ")

		r.tell(tellCall, 2, s.numbers["count"], nil)
		r.tell(tellStop, 2, 0, nil)
		s.want(t, "reply 2 0 0", "end", `reply 2 10 {"name":"AbortError","message":"context canceled"}`)
	})
}

func TestCallBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := newScript(t)
		if _, err := r.callBack(t.Context(), 1, 0, nil); err != ErrCallEnded {
			t.Errorf("a callback of an unknown call: %v", err)
		}
		_, err := r.add(t.Context(), "f", single(func(ctx context.Context, input string) (string, error) {
			result, err := r.callBack(ctx, 1, 5, []byte(input))
			return string(result), err
		}))
		if err != nil {
			t.Fatal(err)
		}
		s.want(t, "add f 0")
		for _, c := range []struct {
			what uint32
			data string
			want string
		}{
			{tellResult, "7", `reply 1 2 7`},
			{tellError, `{"name":"RangeError","message":"far"}`, `reply 1 10 {"name":"Error","message":"RangeError: far"}`},
			{tellError, `"text"`, `reply 1 10 {"name":"Error","message":"\"text\""}`},
		} {
			r.tell(tellCall, 1, s.numbers["f"], []byte("x"))
			s.want(t, "call 5 of 1: x")
			number := <-s.called
			r.tell(c.what, number, 0, []byte(c.data))
			r.tell(c.what, number, 0, []byte(c.data)) // only the first counts
			s.want(t, c.want)
		}
		r.tell(tellCall, 1, s.numbers["f"], []byte("x"))
		s.want(t, "call 5 of 1: x")
		r.tell(tellStop, 1, 0, nil)
		s.want(t, `reply 1 10 {"name":"AbortError","message":"context canceled"}`)
		r.tell(tellResult, <-s.called, 0, []byte("late"))
		if len(r.waiting) != 0 || len(r.calls) != 0 {
			t.Errorf("something is left: %+v", r)
		}
		s.want(t)
	})
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"a": "", "addTask": "", "$": "", "_1": "",
		"":       "the name is empty",
		"1a":     "not a name in JavaScript",
		"a-b":    "not a name in JavaScript",
		"a b":    "not a name in JavaScript",
		"größe":  "not a name in JavaScript",
		"delete": "is a reserved word",
		"await":  "is a reserved word",
	} {
		err := checkName(name)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", name, err)
		}
	}
	_, r := newScript(t)
	stop, err := r.add(t.Context(), "a", Function{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.add(t.Context(), "a", Function{}); err == nil || err.Error() != `the program exports "a" already` {
		t.Errorf("twice: %v", err)
	}
	stop()
	if _, err := r.add(t.Context(), "a", Function{}); err != nil {
		t.Errorf("again after stop: %v", err)
	}
	if _, err := Add(t.Context(), "a", Function{}); err != ErrNoModule {
		t.Errorf("outside a page: %v", err)
	}
	if _, err := CallBack(t.Context(), 1, 0, nil); err != ErrCallEnded {
		t.Errorf("outside a page: %v", err)
	}
}
