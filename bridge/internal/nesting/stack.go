//go:build !tinygo

package nesting

// maxDepth is how deep a value of any type may nest.
const maxDepth, maxDepthText = maxOpen, "500"
