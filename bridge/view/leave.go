package view

import (
	"context"
	"time"

	"github.com/forgego/forgego/bridge"
)

// leaveTime limits how long a host may take to end a listener. The result is ignored, but the object must be released
// at some point.
const leaveTime = 10 * time.Second

// leave calls an object that is a function, such as the one that removes a listener, and releases it.
func leave(object bridge.Object) {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	defer object.Release()
	if _, result, err := object.Apply(ctx, "", []byte("[]")); err == nil {
		result.Release()
	}
}
