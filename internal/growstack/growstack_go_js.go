//go:build !tinygo

// Package growstack makes room on the stack of a goroutine before a call that needs much of it.
package growstack

// Grow makes room for a call of the bridge, or for the conversion of a value. A new goroutine has a stack of 2 KB, and those need more. A
// stack doubles when it is full, and each time Go adjusts the frames of all open functions. So Grow is called at the start, while
// few are open, and its own frame is as large as the room that is needed.
//
//go:noinline
func Grow() byte {
	var room [2600]byte
	return room[index]
}

// index is a variable, so that the compiler keeps room.
var index int
