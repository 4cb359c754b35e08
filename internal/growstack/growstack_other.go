//go:build !js || tinygo

package growstack

// ForCall does nothing: TinyGo's stacks do not grow, and elsewhere only tests call it.
func ForCall() byte { return 0 }

// ForValue does nothing either.
func ForValue() byte { return 0 }
