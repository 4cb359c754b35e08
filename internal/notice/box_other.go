//go:build !js

package notice

// box does nothing: there is no page. The error is on standard error.
type box struct{}

func (*box) show(string) {}

func (*box) hide() {}
