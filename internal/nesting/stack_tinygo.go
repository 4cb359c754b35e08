//go:build tinygo

package nesting

// maxDepth is how deeply a value of any type may nest. Under TinyGo, encoding/json takes up to 2.3 KiB of stack for
// each level. A goroutine's stack does not grow there: "forgego build" sets it to 128 KiB, and an overflow overwrites
// other memory.
const maxDepth, maxDepthText = 32, "32"
