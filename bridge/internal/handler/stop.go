package handler

import (
	"context"

	"github.com/forgego/forgego/internal/usercode"
)

// Stop returns the function stop of a handler. It calls release, which frees the host's objects, and then end, which ends
// the handler's context. If ctx ends first, release is called then. stop may be called several times; release is called once.
func Stop(ctx context.Context, end context.CancelFunc, release func()) (stop func()) {
	unwatch := context.AfterFunc(ctx, func() { usercode.Run(release) })
	return func() {
		if unwatch() {
			release()
		}
		end()
	}
}
