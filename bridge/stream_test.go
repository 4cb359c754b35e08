package bridge_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// piecesBody is a body that arrives in pieces. After the last piece, it returns err.
type piecesBody struct {
	pieces []string
	err    error
	closed bool
	// taken is called when the last piece has been read and more is asked for.
	taken func()
}

func (b *piecesBody) Read(p []byte) (int, error) {
	if len(b.pieces) == 0 {
		if b.taken != nil {
			b.taken()
		}
		return 0, b.err
	}
	n := copy(p, b.pieces[0])
	if b.pieces[0] = b.pieces[0][n:]; b.pieces[0] == "" {
		b.pieces = b.pieces[1:]
	}
	return n, nil
}

func (b *piecesBody) Close() error {
	b.closed = true
	return nil
}

// elementsOf returns the elements of a body, and the error that ends the loop.
func elementsOf[T any](ctx context.Context, contentType string, body *piecesBody) (got []T, err error) {
	client := streamed("t", bridge.FetchResponse{Status: 200, Header: bridge.Header{"Content-Type": {contentType}}, Body: body})
	for element, failure := range bridge.Stream[T](bridge.NewContext(ctx, client), "notes-api", bridge.Request{Path: "/"}) {
		if err != nil {
			return got, errors.New("an element follows the error")
		}
		if err = failure; err == nil {
			got = append(got, element)
		}
	}
	return got, err
}

func TestStream(t *testing.T) {
	const lines = "Application/X-NDJSON; charset=utf-8"
	type all = []any
	object, text := map[string]any{"a": all{1., "]},\\\"["}}, `{"a":[1,"]},\\\"["]}`
	tests := map[string]struct {
		contentType, body string
		want              all
		says              string
	}{
		"an array":                   {"application/json", `[1,"a",null,` + text + `,[2,[]]]`, all{1., "a", nil, object, all{2., all{}}}, ""},
		"white space":                {"", " \r\n\t[ 1 ,\n\"a b\"\t, " + text + " ] \n", all{1., "a b", object}, ""},
		"an empty array":             {"", "[ ]", nil, ""},
		"empty":                      {"", "", nil, ""},
		"white space only":           {"", " \n\n", nil, ""},
		"a mark":                     {"", "\uFEFF[1]", all{1.}, ""},
		"a mark only":                {"", "\uFEFF", nil, ""},
		"lines":                      {"", "1\n\"a\"\r\n\n  \n" + text + "\n", all{1., "a", object}, ""},
		"lines without an end":       {"", text + "\n12", all{object, 12.}, ""},
		"lines of arrays":            {lines, "[1]\n[2]\n", all{all{1.}, all{2.}}, ""},
		"lines after white space":    {lines, "\n\n[1]\n", all{all{1.}}, ""},
		"one object":                 {"application/json", text, all{object}, ""},
		"arrays, not as lines":       {"application/json", "[1]\n[2]\n", all{1.}, "send the content type application/x-ndjson"},
		"after the array":            {"", "[1]]", all{1.}, "something follows the array"},
		"no end":                     {"", "[1,2", all{1.}, "ends before its array does"},
		"no end after an element":    {"", "[1,", all{1.}, "ends before its array does"},
		"no end after the start":     {"", "[", nil, "ends before its array does"},
		"no end in a text":           {"", `["a]`, nil, "ends before its array does"},
		"a comma at the end":         {"", "[1,]", all{1.}, "element 2 of the body is not the expected JSON"},
		"a comma at the start":       {"", "[,1]", nil, "element 1 of the body is not the expected JSON"},
		"two commas":                 {"", "[1,,2]", all{1.}, "element 2 of the body is not the expected JSON"},
		"no comma":                   {"", "[1 2,3]", nil, "element 1 of the body"},
		"a wrong bracket":            {"", "[1,{]},2]", all{1.}, "element 2 of the body"},
		"a closing brace":            {"", "[1},2]", nil, "element 1 of the body"},
		"no JSON":                    {"", "1\nsecret\n2\n", all{1.}, "element 2 of the body is not the expected JSON: syntax error"},
		"an object of several lines": {"", "{\n\"a\":1}", nil, "element 1 of the body"},
		"too deep":                   {"", "[1," + strings.Repeat("[", 501) + strings.Repeat("]", 501) + "]", all{1.}, "nested"},
		"the largest element":        {"", `[1,"` + strings.Repeat("x", 1<<20-2) + `"]`, all{1., strings.Repeat("x", 1<<20-2)}, ""},
		"the largest line":           {"", "1\n\"" + strings.Repeat("x", 1<<20-2) + "\"\n", all{1., strings.Repeat("x", 1<<20-2)}, ""},
		"too large an element":       {"", `[1,"` + strings.Repeat("x", 1<<20) + `",2]`, all{1.}, "more than 1048576 bytes"},
		"too large a line":           {"", "1\n" + strings.Repeat(" ", 1<<20) + "\"x\"\n", all{1.}, "more than 1048576 bytes"},
	}
	for name, tt := range tests {
		for way, pieces := range map[string][]string{"at once": {tt.body}, "byte by byte": strings.Split(tt.body, "")} {
			if way != "at once" && len(tt.body) > 1<<16 {
				continue
			}
			t.Run(name+" "+way, func(t *testing.T) {
				body := &piecesBody{pieces: pieces, err: io.EOF}
				got, err := elementsOf[any](t.Context(), tt.contentType, body)
				if !reflect.DeepEqual(got, tt.want) {
					t.Errorf("got %.200v, want %.200v", got, tt.want)
				}
				switch {
				case tt.says == "":
					if err != nil {
						t.Errorf("got %v", err)
					}
				case !errors.Is(err, bridge.ErrInvalidResponse), !containsText(err, tt.says), containsText(err, "secret"):
					t.Errorf("got %v, want ErrInvalidResponse that says %q", err, tt.says)
				}
				if !body.closed {
					t.Error("the body is open")
				}
			})
		}
	}
}

// TestStreamPassesElementsOnAtOnce checks that no element waits for data after it. For the last of them there is a
// comma or a line end.
func TestStreamPassesElementsOnAtOnce(t *testing.T) {
	for name, pieces := range map[string][]string{
		"an array":             {"[1,", "2,", "3 ,"},
		"an array in one":      {"[1,2,3,"},
		"lines":                {"1\n", "2\n", "3\n"},
		"lines in one":         {"1\n\n2\n3\n"},
		"a mark in two pieces": {"\xEF", "\xBB\xBF1\n2\n3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			enough := errors.New("enough")
			seen, when := 0, -1
			body := &piecesBody{pieces: pieces, err: enough}
			body.taken = func() {
				if when < 0 {
					when = seen
				}
			}
			client := streamed("t", bridge.FetchResponse{Status: 200, Body: body})
			var last error
			for _, err := range bridge.Stream[int](bridge.NewContext(t.Context(), client), "notes-api", bridge.Request{Path: "/"}) {
				if last = err; err == nil {
					seen++
				}
			}
			if seen != 3 || when != 3 || !errors.Is(last, enough) {
				t.Errorf("%d elements, %d of them when more was read; %v", seen, when, last)
			}
		})
	}
}

// If the connection breaks, what it carried of a line is not an element: 12 may be the start of 123.
func TestStreamBreaks(t *testing.T) {
	for _, text := range []string{"[7,12", "7\n12"} {
		got, err := elementsOf[int](t.Context(), "", &piecesBody{pieces: []string{text}, err: bridge.ErrNetwork})
		if !reflect.DeepEqual(got, []int{7}) || !errors.Is(err, bridge.ErrNetwork) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestStreamFails(t *testing.T) {
	t.Run("another type", func(t *testing.T) {
		got, err := elementsOf[note](t.Context(), "", &piecesBody{pieces: []string{`[{"text":"a"},{"text":7}]`}, err: io.EOF})
		if !reflect.DeepEqual(got, []note{{"a"}}) || !errors.Is(err, bridge.ErrInvalidResponse) || !containsText(err, "element 2 of the body is not the expected JSON: cannot put a number into a Go string") {
			t.Errorf("got %v, %v", got, err)
		}
	})
	t.Run("a status", func(t *testing.T) {
		client, _ := answering(`{"status":403}`, `{"error":"Not yours."}`)
		n := 0
		for element, err := range bridge.Stream[note](bridge.NewContext(t.Context(), client), "notes-api", bridge.Request{Path: "/"}) {
			var status *bridge.StatusError
			if n++; element != (note{}) || !errors.As(err, &status) || status.Message != "Not yours." {
				t.Errorf("got %v, %v", element, err)
			}
		}
		if n != 1 {
			t.Errorf("%d values, want one", n)
		}
	})
	t.Run("204", func(t *testing.T) {
		client, _ := answering(`{"status":204}`, "")
		for element, err := range bridge.Stream[note](bridge.NewContext(t.Context(), client), "notes-api", bridge.Request{Path: "/"}) {
			t.Errorf("got %v, %v", element, err)
		}
	})
}

func TestStreamLeave(t *testing.T) {
	body := &piecesBody{pieces: []string{"[1,2,", "3]"}, err: io.EOF}
	client := streamed("t", bridge.FetchResponse{Status: 200, Body: body})
	for n, err := range bridge.Stream[int](bridge.NewContext(t.Context(), client), "notes-api", bridge.Request{Path: "/"}) {
		if n != 1 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		break
	}
	if !body.closed || len(body.pieces) != 1 {
		t.Errorf("closed %v, %d pieces are left", body.closed, len(body.pieces))
	}
}

// TestStreamEndsWithContext checks that the loop ends with the reason, also between elements that have arrived.
func TestStreamEndsWithContext(t *testing.T) {
	client, _ := answering(`{"status":200}`, "[1,2,3]")
	cause := errors.New("the user went away")
	ctx, cancel := context.WithCancelCause(bridge.NewContext(t.Context(), client))
	defer cancel(nil)
	got, last := 0, error(nil)
	for n, err := range bridge.Stream[int](ctx, "notes-api", bridge.Request{Path: "/"}) {
		if last = err; err == nil {
			got = n
		}
		cancel(cause)
	}
	var e *bridge.Error
	if got != 1 || !errors.Is(last, cause) || !errors.Is(last, context.Canceled) || !errors.As(last, &e) || e.Op != "requestRemote" {
		t.Errorf("the last element is %d, the error %v", got, last)
	}
}
