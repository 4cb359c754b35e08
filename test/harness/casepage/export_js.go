package casepage

import (
	"context"
	"syscall/js"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/wasm"
)

// Export lets the test call f as the function globalThis[name] of the page, with texts. In a worker, f is exported by
// wasm.ExportFunc, and the page that apphost.InWorker writes defines that function.
func Export(ctx context.Context, name string, f func(ctx context.Context, args []string) (string, error)) error {
	if js.Global().Get("document").IsUndefined() {
		wasm.ExportFunc(ctx, name, f)
		return nil
	}
	_, err := wasm.Export(ctx, name, func(ctx context.Context, args []safejs.Value) (any, error) {
		texts := make([]string, len(args))
		for i, arg := range args {
			texts[i], _ = arg.String()
		}
		return f(ctx, texts)
	})
	return err
}
