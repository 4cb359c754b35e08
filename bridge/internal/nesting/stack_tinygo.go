//go:build tinygo

package nesting

const stackIsFixed = true
