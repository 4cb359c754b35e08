//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"syscall/js"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/internal/hosttest"
)

// TestPageContract runs the contract of all hosts over the page's host. Its callBridge calls the host in memory. The
// folder test/ runs the contract over the local host.
func TestPageContract(t *testing.T) {
	// Text crosses as bytes, because Go's strings would lose a byte order mark.
	stubBridge(t, `(command, payload) => new Promise((resolve, reject) => {
		const json = JSON.stringify(payload);
		__bridge.perform(command, json === undefined ? undefined : new TextEncoder().encode(json),
			(answer) => resolve(answer && JSON.parse(new TextDecoder("utf-8", {ignoreBOM: true}).decode(answer))),
			(name, message, code) => {
				const error = Object.assign(new Error(message), {name});
				reject(code === "" ? error : Object.assign(error, {code}));
			});
	})`)
	far := bridgetest.NewHost(t)
	far.Remote(hosttest.RemoteKey, far.Verifier().Handler(hosttest.Remote()))
	perform := js.FuncOf(func(_ js.Value, args []js.Value) any {
		call := bridge.Call{Command: args[0].String()}
		if !args[1].IsUndefined() {
			call.Payload = make([]byte, args[1].Length())
			js.CopyBytesToGo(call.Payload, args[1])
		}
		go answerStub(far, call, args[2], args[3])
		return nil
	})
	t.Cleanup(perform.Release)
	js.Global().Get("__bridge").Set("perform", perform)
	for _, c := range hosttest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			defer cancel()
			if err := c.Check(ctx, bridge.PageHost()); err != nil {
				t.Error(err)
			}
		})
	}
}

// answerStub answers one call as callBridge does, with the body in the payload.
func answerStub(far bridge.Host, call bridge.Call, resolve, reject js.Value) {
	answer, err := far.Call(context.Background(), call)
	var refusal *bridge.HostError
	switch {
	case errors.As(err, &refusal):
		reject.Invoke(refusal.Name, refusal.Message, refusal.Code)
	case err != nil:
		reject.Invoke("Error", err.Error(), "")
	case answer.Payload == nil:
		resolve.Invoke()
	default:
		data := js.Global().Get("Uint8Array").New(len(answer.Payload))
		js.CopyBytesToJS(data, answer.Payload)
		resolve.Invoke(data)
	}
}
