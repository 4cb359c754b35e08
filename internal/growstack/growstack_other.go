//go:build !js || tinygo

package growstack

// Grow does nothing: TinyGo's stacks do not grow, and elsewhere only tests call it.
func Grow() byte { return 0 }
