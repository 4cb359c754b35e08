//go:build !js

package exported

import "context"

// Add returns [ErrNoModule], because there is no page.
func Add(context.Context, string, Function) (stop func(), err error) { return nil, ErrNoModule }

// CallBack returns [ErrCallEnded], because there is no page.
func CallBack(context.Context, uint32, uint32, []byte) ([]byte, error) { return nil, ErrCallEnded }
