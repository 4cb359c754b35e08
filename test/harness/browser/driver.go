package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// driver drives one running browser.
type driver interface {
	// open opens an empty tab. If beside is nil, the tab has storage and cookies of its own, and otherwise those of beside.
	open(ctx context.Context, beside tab) (tab, error)
	// close ends the browser and everything that it has started, and removes its profile.
	close() error
}

// tab is a tab of a browser.
type tab interface {
	// navigate opens an address and waits until the page is loaded.
	navigate(ctx context.Context, address string) error
	// reload loads the page again and waits until it is loaded.
	reload(ctx context.Context) error
	// evaluate evaluates a script in a document and waits for its promise. It returns the JSON form of the value, or nil if it
	// has none.
	evaluate(ctx context.Context, d document, script string) (json.RawMessage, error)
	// names returns the accessible names of the elements that q describes, in document order.
	names(ctx context.Context, q query) ([]string, error)
	// call calls a function with the only element that q describes as this, and returns what evaluate does.
	call(ctx context.Context, q query, function string) (json.RawMessage, error)
	// place scrolls the only element that q describes into view and returns where it is in the window.
	place(ctx context.Context, q query) (rect, error)
	// choose chooses files in the field that a selector finds.
	choose(ctx context.Context, d document, selector string, paths []string) error

	// mouse moves the mouse to a place in the window, and presses and releases its main button there.
	mouse(ctx context.Context, at point) error
	// keys presses, holds and releases keys, in this order.
	keys(ctx context.Context, strokes []stroke) error
	// insert replaces the selection in the field with the focus by a text, as pasting does.
	insert(ctx context.Context, text string) error
	// at lets the page take the next input for input at that time. A zero time ends this.
	at(ctx context.Context, when time.Time) error

	// console returns the messages so far, and requests the addresses of the requests so far.
	console(ctx context.Context) ([]Message, error)
	requests(ctx context.Context) ([]string, error)

	setSize(ctx context.Context, width, height int) error
	setOffline(ctx context.Context, offline bool) error
	// setHidden hides the tab from the user, or shows it again.
	setHidden(ctx context.Context, hidden bool) error
	screenshot(ctx context.Context) ([]byte, error)
	// leave closes the tab as a user does. It returns true if the page asks whether to stay; the answer is yes.
	leave(ctx context.Context) (asked bool, err error)
	close() error
}

// document says which document of a page is meant: the page's own, the one of the iframe whose address starts with prefix,
// or the one of the last iframe of at least two.
type document struct {
	prefix string
	last   bool
}

func (d document) isTop() bool { return d == document{} }

// query describes elements of a document by their role and accessible name. An empty name matches any name.
type query struct {
	in         document
	role, name string
}

// rect is the place of an element in the window, and point one place there, in CSS pixels.
type (
	rect  struct{ X, Y, Width, Height float64 }
	point struct{ X, Y float64 }
)

func (r rect) middle() point { return point{r.X + r.Width/2, r.Y + r.Height/2} }

// Temporary states of a page that loads or draws itself.
var (
	errNoFrame = errors.New("there is no such frame")
	errNoValue = errors.New("not so yet")
	errNoSpace = errors.New("it takes no space on the page")
)

// scriptError is an exception of a script. Its text has the exception's name and message.
type scriptError struct{ text string }

func (e *scriptError) Error() string { return e.text }

// countError says that there are more or fewer elements than one.
type countError int

func (n countError) Error() string { return fmt.Sprintf("there are %d", int(n)) }

// needsProtocol is the error of what an engine cannot do.
func needsProtocol(engine Engine, what string) error {
	return fmt.Errorf("the driver of %s cannot %s; a test that needs this calls Stays", engine, what)
}
