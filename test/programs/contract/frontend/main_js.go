// Program frontend checks a case of the contract of all hosts when the test asks for it by globalThis.check(name).
package main

import (
	"context"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/hosttest"
	"github.com/forgego/forgego/test/harness/casepage"
)

func main() {
	casepage.Run(20*time.Second, func(ctx context.Context, name string) error {
		return hosttest.Run(ctx, bridge.PageHost(), append(hosttest.Cases(), hosttest.Results()...), name)
	})
}
