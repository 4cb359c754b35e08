package bridge_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/hosttest"
)

// TestPageContract holds the page's host to the contract of all hosts, over a stub of callBridge. The folder test/ does
// the same over the local host.
func TestPageContract(t *testing.T) {
	stubBridge(t, `async (command, payload) => {
		switch (command) {
			case "getContext":
				return {moduleKey: "m"};
			case "fetchRemote":
				if (payload.remoteKey !== "`+hosttest.RemoteKey+`") throw new Error("no such remote");
				const {path, method, headers, body} = payload.fetchRequestInit;
				const answer = await new Promise((resolve, reject) => __bridge.serve(resolve, reject, path, method, headers ?? {}, body ?? ""));
				// Go's own strings would lose a byte order mark.
				return {...answer, body: new TextDecoder("utf-8", {ignoreBOM: true}).decode(answer.body)};
		}
		throw new Error("no command of the name '" + command + "'");
	}`)
	remote := hosttest.Remote()
	serve := js.FuncOf(func(_ js.Value, args []js.Value) any {
		// What the arguments say is read before the caller goes on.
		request := httptest.NewRequestWithContext(context.Background(), args[3].String(), args[2].String(), strings.NewReader(args[5].String()))
		if sent := args[4].Get("x-sent"); sent.Type() == js.TypeString {
			request.Header.Set("X-Sent", sent.String())
		}
		go serveStub(remote, request, args[0], args[1])
		return nil
	})
	t.Cleanup(serve.Release)
	js.Global().Get("__bridge").Set("serve", serve)
	for _, c := range hosttest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if err := c.Check(ctx, bridge.PageHost()); err != nil {
				t.Error(err)
			}
		})
	}
}

// serveStub gives the remote's answer as fetchRemote does.
func serveStub(remote http.Handler, request *http.Request, resolve, reject js.Value) {
	defer func() {
		if recover() != nil {
			reject.Invoke(js.Global().Get("TypeError").New("Failed to fetch"))
		}
	}()
	recorder := httptest.NewRecorder()
	remote.ServeHTTP(recorder, request)
	headers := map[string]any{}
	for name := range recorder.Header() {
		headers[strings.ToLower(name)] = recorder.Header().Get(name)
	}
	content := recorder.Body.Bytes()
	attachment := recorder.Header().Get("Content-Type") == "application/octet-stream"
	if attachment {
		content = []byte("data:application/octet-stream;base64," + base64.StdEncoding.EncodeToString(content))
	}
	body := js.Global().Get("Uint8Array").New(len(content))
	js.CopyBytesToJS(body, content)
	resolve.Invoke(map[string]any{
		"status": recorder.Code, "statusText": http.StatusText(recorder.Code), "headers": headers, "body": body, "isAttachment": attachment,
	})
}
