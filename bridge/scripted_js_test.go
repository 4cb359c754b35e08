package bridge_test

import (
	"context"
	"syscall/js"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/hosttest"
)

// TestPageContractScripted runs the contract's rules for functions over the page's host, with commands in JavaScript.
func TestPageContractScripted(t *testing.T) {
	stubBridge(t, `async (command, payload) => {
		const fail = () => { throw Object.assign(new RangeError("too far"), {code: "FAR"}); };
		if (command === "contractSame") return payload;
		if (command === "contractRefuse") fail();
		const ask = async (callback, args) => {
			try {
				const returned = await callback(...args);
				return returned === undefined ? {} : {returned};
			} catch ({name, message, code}) {
				return {name, message, code};
			}
		};
		const callbacks = (__bridge.callbacks ??= []);
		callbacks.push(payload.callback);
		return {
			name: "contract",
			emit: (...args) => { payload.callback(...args); },
			emitToAll: (...args) => { for (const callback of callbacks) callback(...args); },
			ask: (...args) => ask(payload.callback, args),
			askFirst: (...args) => ask(callbacks[0], args),
			join: (...args) => args.join("+"),
			inner: {
				emit: (...args) => { payload.callback(...args); },
				join: (...args) => args.join("+"),
			},
			fail,
			listen: (callback) => { callback("heard"); return () => "stopped"; },
		};
	}`)
	for _, c := range hosttest.Scripted() {
		t.Run(c.Name, func(t *testing.T) {
			js.Global().Get("__bridge").Delete("callbacks")
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if err := c.Check(ctx, bridge.PageHost()); err != nil {
				t.Error(err)
			}
		})
	}
}
