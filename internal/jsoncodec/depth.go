package jsoncodec

// MaxDepth is how deeply JSON may nest: how many objects and arrays may be open.
//
// In a page, a Go program also uses the JavaScript engine's stack, which cannot grow, and an exhausted stack ends the
// program. The codec recurses once per level, and a type's own UnmarshalJSON may recurse with it.
const MaxDepth, maxDepthText = 500, "500"

// maxInside is how many pointers and interfaces may lead to a value. They add no level to the JSON, but the codec recurses
// for each, and a pointer may lead to itself.
const maxInside = 2 * MaxDepth
