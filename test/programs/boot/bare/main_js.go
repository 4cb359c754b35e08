// Program bare makes the call of programs/boot/app with syscall/js alone, and shows the answer. No Go client can do
// less work.
package main

import "syscall/js"

func main() {
	answer := js.Global().Get("__bridge").Call("callBridge", "fetchRemote", map[string]any{
		"remoteKey":           "tasks-api",
		"fetchRequestInit":    map[string]any{"path": "/tasks", "headers": map[string]any{}, "body": nil},
		"isMultipartFormData": false,
	})
	answer.Call("then", js.FuncOf(func(_ js.Value, args []js.Value) any {
		js.Global().Get("document").Call("getElementById", "app").Set("textContent", args[0].Get("body"))
		return nil
	}))
	select {}
}
