//go:build !js

// Package shim finds the JavaScript shim (jsglue/) that loaded this program. It is empty outside GOOS=js.
package shim
