//go:build !tinygo

package nesting

const stackIsFixed = false
