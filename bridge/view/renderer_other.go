//go:build !js

package view

import (
	"context"
	"time"

	"github.com/forgego/forgego/bridge"
)

func iframeProps(context.Context, string, func(time.Time) []byte) (*IframeProps, error) {
	return nil, bridge.ErrNoBridge
}
