package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// scripted does with scripts what the drivers of Firefox and WebKit have no command for.
type scripted struct {
	// eval evaluates a script in a document, as [tab.evaluate] does.
	eval func(ctx context.Context, d document, script string) (json.RawMessage, error)
	// frame returns the document around an iframe, and an expression for the element of the iframe there.
	frame func(ctx context.Context, d document) (around evaluator, iframe string, err error)
}

//go:embed page/accessible.js
var accessibleFile string

// accessible is an expression whose value has the functions find and nameOf.
var accessible = strings.TrimSuffix(strings.TrimSpace(accessibleFile), ";")

func (s *scripted) names(ctx context.Context, q query) ([]string, error) {
	value, err := s.eval(ctx, q.in, fmt.Sprintf("(() => {\nconst { find, nameOf } = %s;\nreturn find(%q, %q).map(nameOf);\n})()", accessible, q.role, q.name))
	if err != nil {
		return nil, err
	}
	var names []string
	err = json.Unmarshal(value, &names)
	return names, err
}

// call asks the page for an array with the result, or for the number of elements if it is not one.
func (s *scripted) call(ctx context.Context, q query, function string) (json.RawMessage, error) {
	value, err := s.eval(ctx, q.in, fmt.Sprintf(`(async () => {
		const found = (%s).find(%q, %q);
		if (found.length !== 1) return found.length;
		const result = await (%s).call(found[0]);
		return result === undefined ? [] : [result];
	})()`, accessible, q.role, q.name, function))
	if err != nil {
		return nil, err
	}
	var count int
	if json.Unmarshal(value, &count) == nil {
		return nil, countError(count)
	}
	var result []json.RawMessage
	if err := json.Unmarshal(value, &result); err != nil || len(result) == 0 {
		return nil, err
	}
	return result[0], nil
}

// intoView is a function that scrolls an element into view and returns where it is in its document's window.
const intoView = `function() {
	const inView = (r) => r.top >= 0 && r.left >= 0 && r.bottom <= innerHeight && r.right <= innerWidth;
	const first = () => [...this.getClientRects()].find((r) => r.width > 0 && r.height > 0);
	if (first() && !inView(first())) this.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
	const at = first();
	return at ? { x: at.x, y: at.y, width: at.width, height: at.height } : null;
}`

func (s *scripted) place(ctx context.Context, q query) (rect, error) {
	value, err := s.call(ctx, q, intoView)
	if err != nil {
		return rect{}, err
	}
	var at *rect
	if err := json.Unmarshal(value, &at); err != nil {
		return rect{}, err
	}
	if at == nil {
		return rect{}, errNoSpace
	}
	if q.in.isTop() {
		return *at, nil
	}
	around, iframe, err := s.frame(ctx, q.in)
	if err != nil {
		return rect{}, err
	}
	// Scroll the page around the iframe until the middle of the element is in sight.
	value, err = around(ctx, fmt.Sprintf(`(() => {
		const frame = %s;
		const middle = () => frame.getBoundingClientRect().top + frame.clientTop + %f;
		for (let e = frame.parentElement; e; e = e.parentElement) {
			if (middle() >= 0 && middle() <= innerHeight) break;
			if (e.scrollHeight > e.clientHeight) e.scrollBy({ top: middle() - innerHeight / 2, behavior: "instant" });
		}
		const { left, top } = frame.getBoundingClientRect();
		return { x: left + frame.clientLeft, y: top + frame.clientTop };
	})()`, iframe, at.middle().Y))
	if err != nil {
		return rect{}, err
	}
	var origin point
	if err := json.Unmarshal(value, &origin); err != nil {
		return rect{}, err
	}
	return rect{origin.X + at.X, origin.Y + at.Y, at.Width, at.Height}, nil
}

// evaluator evaluates a script in one document.
type evaluator func(ctx context.Context, script string) (json.RawMessage, error)

// hasField reports whether the focus of the page is in this document and in no iframe of it.
const hasField = `document.hasFocus() && document.activeElement?.localName !== "iframe"`

// insertText replaces the selection in the field with the focus by a text, with the command that a page uses for that.
func insertText(ctx context.Context, text string, eval evaluator) error {
	command := "insertText"
	if text == "" {
		command = "delete"
	}
	value, err := eval(ctx, fmt.Sprintf(`document.execCommand(%q, false, %s)`, command, quote(text)))
	if err == nil && string(value) != "true" {
		err = errors.New("no field has the focus")
	}
	return err
}

// quote returns a text as JavaScript writes it.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(b)
}

// setTime sets the time that all events of a document have. A zero time ends this.
func setTime(ctx context.Context, when time.Time, eval evaluator) error {
	get := `globalThis.eventTime.get`
	if !when.IsZero() {
		get = fmt.Sprintf(`() => %f - performance.timeOrigin`, float64(when.UnixMicro())/1e3)
	}
	_, err := eval(ctx, `void (() => {
		globalThis.eventTime ??= Object.getOwnPropertyDescriptor(Event.prototype, "timeStamp");
		Object.defineProperty(Event.prototype, "timeStamp", { ...globalThis.eventTime, get: `+get+` });
	})()`)
	return err
}
