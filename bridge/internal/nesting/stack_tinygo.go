//go:build tinygo

package nesting

// maxDepth is how deep a value of any type may nest. Under TinyGo encoding/json takes up to 2.3 KiB of stack for each level.
// A goroutine's stack does not grow there: "forgego build" makes it 128 KiB, and what runs over its end overwrites other
// memory.
const maxDepth, maxDepthText = 32, "32"
