package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// WebKit's driver has no command for the console, and the browser prints none in its automation mode. So each script that we
// evaluate first lets its document record what follows.

// RecordConsole is a script that a test's page can begin with. Then the driver of WebKit has the whole console of the page.
// Without it, what a page says before the driver's first script is not seen.
const RecordConsole = `globalThis[Symbol.for("forgego.console")] ??= (() => {
	const messages = [];
	const show = (value) => typeof value === "object" && value !== null && !(value instanceof Error) ? value.constructor?.name ?? "Object" : String(value);
	for (const method of ["log", "info", "debug", "warn", "error"]) {
		const original = console[method];
		console[method] = (...values) => {
			messages.push({ Type: method === "warn" ? "warning" : method, Text: values.map(show).join(" ") });
			original.apply(console, values);
		};
	}
	addEventListener("error", (event) => { if (event instanceof ErrorEvent) messages.push({ Type: "exception", Text: String(event.error ?? event.message) }); });
	addEventListener("unhandledrejection", (event) => { messages.push({ Type: "exception", Text: String(event.reason) }); });
	return messages;
})();
`

// takeConsole returns what a document has recorded since the last time.
const takeConsole = `globalThis[Symbol.for("forgego.console")].splice(0)`

// collect keeps the messages of all documents of the window, which may be about to go.
func (t *webkitTab) collect(ctx context.Context) error {
	var messages []Message
	err := t.everywhere(ctx, takeConsole, func(value json.RawMessage, _ []int) {
		var some []Message
		_ = json.Unmarshal(value, &some)
		messages = append(messages, some...)
	})
	t.session.mu.Lock()
	defer t.session.mu.Unlock()
	t.messages = append(t.messages, messages...)
	if err != nil {
		return fmt.Errorf("the console: %w", err)
	}
	return nil
}

func (t *webkitTab) console(ctx context.Context) ([]Message, error) {
	err := t.collect(ctx)
	t.session.mu.Lock()
	defer t.session.mu.Unlock()
	return slices.Clone(t.messages), err
}
