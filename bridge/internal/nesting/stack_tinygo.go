//go:build tinygo

package nesting

const stackIsFixed = 1
