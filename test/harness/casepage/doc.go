//go:build !js

// Package casepage holds the main function of a program that runs cases in a page when a test asks for them. It has code
// only for GOOS=js.
package casepage
