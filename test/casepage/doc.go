//go:build !js

// Package casepage is the frame of a program that plays cases in a page when a test asks for them. It is there under
// GOOS=js only.
package casepage
