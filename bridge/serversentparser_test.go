//go:build !tinygo

package bridge

import (
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

func TestEventStream(t *testing.T) {
	tests := map[string]struct {
		stream string
		want   []ServerSentEvent
	}{
		"message":                   {"data: hello\n\n", []ServerSentEvent{{Type: "message", Data: "hello"}}},
		"lines joined":              {"data: a\ndata\ndata:  b\n\n", []ServerSentEvent{{Type: "message", Data: "a\n\n b"}}},
		"type and id":               {"event: change\nid: 7\ndata: x\n\ndata: y\n\n", []ServerSentEvent{{"7", "change", "x"}, {"7", "message", "y"}}},
		"no space":                  {"data:x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"colon in value":            {"data: a: b\n\n", []ServerSentEvent{{Type: "message", Data: "a: b"}}},
		"comment":                   {": ping\n\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"unknown field":             {"foo: bar\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"no data, no event":         {"event: a\n\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"id without data lasts":     {"id: 1\n\ndata: x\n\n", []ServerSentEvent{{"1", "message", "x"}}},
		"empty id resets":           {"id: 1\ndata: x\n\nid\ndata: y\n\n", []ServerSentEvent{{"1", "message", "x"}, {"", "message", "y"}}},
		"id with NUL is ignored":    {"id: 1\x00\ndata: x\n\n", []ServerSentEvent{{"", "message", "x"}}},
		"empty data":                {"data\n\n", []ServerSentEvent{{Type: "message"}}},
		"carriage returns":          {"data: a\rdata: b\r\rdata: c\r\n\r\n", []ServerSentEvent{{Type: "message", Data: "a\nb"}, {Type: "message", Data: "c"}}},
		"byte order mark":           {"\uFEFFdata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"unfinished event":          {"data: x\n\ndata: y\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"unfinished line":           {"data: x\n\ndata: y", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"several blank lines":       {"\n\n\ndata: x\n\n\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"field names by the case":   {"Data: a\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"not UTF-8":                 {"data: a\xFF\xE4\xB8\ndata: \xF0\x9F\x8E\n\n", []ServerSentEvent{{Type: "message", Data: "a\uFFFD\uFFFD\n\uFFFD"}}},
		"not UTF-8 in other fields": {"id: \xC3\nevent: \x80\ndata: x\n\n", []ServerSentEvent{{"\uFFFD", "\uFFFD", "x"}}},
		"not UTF-8 in a name":       {"da\xFFta: a\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"cut characters are whole":  {"data: 世🎉\n\n", []ServerSentEvent{{Type: "message", Data: "世🎉"}}},
		"a second mark":             {"\uFEFF\uFEFFdata: a\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
		"a mark later":              {"data: a\n\n\uFEFFdata: b\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "a"}, {Type: "message", Data: "x"}}},
		"NUL in data":               {"data: a\x00b\n\n", []ServerSentEvent{{Type: "message", Data: "a\x00b"}}},
		"one space is left out":     {"data:\tx\ndata:  y \n\n", []ServerSentEvent{{Type: "message", Data: "\tx\n y "}}},
		"line feed, then return":    {"data: a\n\rdata: b\n\n", []ServerSentEvent{{Type: "message", Data: "a"}, {Type: "message", Data: "b"}}},
		"event without a value":     {"event: a\nevent\ndata: x\n\n", []ServerSentEvent{{Type: "message", Data: "x"}}},
	}
	for name, tt := range tests {
		for way, reader := range map[string]io.Reader{"at once": strings.NewReader(tt.stream), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.stream))} {
			t.Run(name+", "+way, func(t *testing.T) {
				var got []ServerSentEvent
				stream := eventStream{retry: defaultRetry}
				err := stream.read(reader, func(e ServerSentEvent) bool {
					got = append(got, e)
					return true
				})
				if !reflect.DeepEqual(got, tt.want) || err != nil {
					t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
				}
			})
		}
	}
}

func TestEventStreamDoesNotWaitForTheLineFeed(t *testing.T) {
	r, w := io.Pipe()
	got := make(chan ServerSentEvent)
	go func() {
		stream := eventStream{}
		_ = stream.read(r, func(e ServerSentEvent) bool { got <- e; return true })
		close(got)
	}()
	_, _ = w.Write([]byte("data: x\r\r"))
	if e := <-got; e.Data != "x" {
		t.Errorf("got %+v", e)
	}
	_ = w.Close()
	<-got
}

// TestEventSizeIsBounded checks the limit of a line, and that of several lines together.
func TestEventSizeIsBounded(t *testing.T) {
	line := "data: " + strings.Repeat("x", 1000) + "\n"
	tests := map[string]struct {
		stream func() io.Reader
		most   int
		fails  bool
	}{
		"a line without an end":      {func() io.Reader { return repeated("x") }, maxEvent, true},
		"a comment without an end":   {func() io.Reader { return io.MultiReader(strings.NewReader(":"), repeated("x")) }, maxEvent, true},
		"an event without an end":    {func() io.Reader { return repeated(line) }, maxEvent * 102 / 100, true},
		"empty lines of data":        {func() io.Reader { return repeated("data\n") }, 5 * maxEvent, true},
		"a line of the largest size": {func() io.Reader { return strings.NewReader("data: " + strings.Repeat("x", maxEvent-6) + "\n\n") }, maxEvent + 2, false},
		"many comments":              {func() io.Reader { return io.LimitReader(repeated(": ping\n"), 3*maxEvent) }, 3 * maxEvent, false},
		"many events":                {func() io.Reader { return io.LimitReader(repeated(line+"\n"), 3*maxEvent) }, 3 * maxEvent, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body := &counted{r: tt.stream()}
			resp := &Response{Status: 200, Header: Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(body), op: "requestRemote", remote: "tasks-api"}
			var got error
			synctest.Test(t, func(t *testing.T) {
				for _, err := range ServerSentEvents(awayFromBrowser(t.Context()), once(resp), Request{Path: "/"}) {
					got = err
				}
			})
			var e *Error
			if tt.fails != errors.Is(got, ErrInvalidResponse) || tt.fails != (errors.As(got, &e) && e.Remote == "tasks-api") {
				t.Errorf("got %v", got)
			}
			if slack := 8 << 10; body.n > tt.most+slack {
				t.Errorf("%d bytes were read, want at most %d", body.n, tt.most+slack)
			}
		})
	}
}

// repeated is a reader that repeats a text, for much longer than any limit.
func repeated(text string) io.Reader { return io.LimitReader(&repeater{text, 0}, 16*maxEvent) }

type repeater struct {
	text string
	at   int
}

func (r *repeater) Read(p []byte) (n int, err error) {
	for n < len(p) {
		c := copy(p[n:], r.text[r.at:])
		n += c
		r.at = (r.at + c) % len(r.text)
	}
	return n, nil
}

type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

// pieces is a reader that returns at most size bytes at once.
type pieces struct {
	r    io.Reader
	size int
}

func (p pieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(len(b), p.size)]) }

// TestEventStreamReadsEachByteOnce checks that small pieces do not make the parser read bytes again.
func TestEventStreamReadsEachByteOnce(t *testing.T) {
	looked := 0
	find := lineEnd
	lineEnd = func(b []byte) int {
		end := find(b)
		looked += min(end+1, len(b))
		return end
	}
	defer func() { lineEnd = find }()
	for name, text := range map[string]string{
		"one line":        "data: " + strings.Repeat("x", 64<<10) + "\n\n",
		"many lines":      strings.Repeat("data: "+strings.Repeat("x", 100)+"\n", 5000) + "\n",
		"carriage return": strings.Repeat("data: x\r\n\r\n", 40_000),
		"no end":          strings.Repeat("x", 64<<10),
	} {
		for _, size := range []int{1, 64, 1000, 1 << 20} {
			looked = 0
			body := &counted{r: pieces{strings.NewReader(text), size}}
			stream := eventStream{}
			if err := stream.read(body, func(ServerSentEvent) bool { return true }); err != nil {
				t.Fatal(err)
			}
			if body.n != len(text) || looked > len(text) {
				t.Errorf("%s in pieces of %d: %d bytes of %d were read and %d checked", name, size, body.n, len(text), looked)
			}
		}
	}
}

func BenchmarkEventStream(b *testing.B) {
	text := "data: " + strings.Repeat("x", 512<<10) + "\n\n"
	for _, size := range []int{64, 4096} {
		b.Run(strconv.Itoa(size)+" bytes at once", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				stream := eventStream{}
				_ = stream.read(pieces{strings.NewReader(text), size}, func(ServerSentEvent) bool { return true })
			}
		})
	}
}

// TestReaderReturnsNothing checks that a broken reader does not keep the page busy for ever.
func TestReaderReturnsNothing(t *testing.T) {
	stream := eventStream{}
	if err := stream.read(nothing{}, func(ServerSentEvent) bool { return true }); err != nil {
		t.Error(err)
	}
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }

func TestEventStreamRetry(t *testing.T) {
	for stream, want := range map[string]time.Duration{
		"retry: 2500\n": 2500 * time.Millisecond, "retry: x\n": defaultRetry, "retry: -1\n": defaultRetry, "retry:\n": defaultRetry,
		"retry: +5\n": defaultRetry, "retry: 0\n": 10 * time.Millisecond, "retry: 99999999999\n": maxAskedWait,
		"retry:5000000000\n": maxAskedWait, "retry: " + strings.Repeat("9", 1000) + "\n": maxAskedWait, "retry: 0002500\n": 2500 * time.Millisecond,
		"retry: 1 \n": defaultRetry, "retry: ٣\n": defaultRetry, "retry\n": defaultRetry,
	} {
		s := eventStream{retry: defaultRetry}
		_ = s.read(strings.NewReader(stream), nil)
		if s.retry != want {
			t.Errorf("%q: %v, want %v", stream, s.retry, want)
		}
	}
}
