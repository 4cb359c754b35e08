package view

import (
	"context"
	"time"

	"github.com/forgego/forgego/bridge"
)

// leaveTime bounds how long a host may take to hear that something is over. It does not matter to anybody what comes of
// it; the object must not stay for ever.
const leaveTime = 10 * time.Second

// leave calls an object that is a function, such as the one that ends a listener, and lets it go.
func leave(object bridge.Object) {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	defer object.Release()
	if _, result, err := object.Apply(ctx, "", []byte("[]")); err == nil {
		result.Release()
	}
}
