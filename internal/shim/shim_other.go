//go:build !js

// Package shim finds the JavaScript shim (jsglue/) that loaded this program. Outside GOOS=js there is none.
package shim
