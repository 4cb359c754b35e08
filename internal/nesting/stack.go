//go:build !tinygo && !js

package nesting

// maxDepth is how deeply a value of any type may nest.
const maxDepth, maxDepthText = maxOpen, "500"
