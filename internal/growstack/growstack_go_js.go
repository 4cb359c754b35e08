//go:build !tinygo

// Package growstack makes room on the stack of a goroutine before a call that needs much of it.
//
// A new goroutine has a stack of 2 KB, or of 4 KB where the garbage collector found that goroutines need as much. A stack doubles
// when it is full, and each time Go adjusts the frames of all open functions. So the functions of this package are called at the
// start, while few are open. Their own frames are as large as the room that is needed, and no larger: then a stack of 4 KB is
// enough for a call, and does not grow at all.
package growstack

// ForCall makes room for a call of the bridge with a text.
//
//go:noinline
func ForCall() byte {
	var room [1900]byte
	return room[index]
}

// ForValue makes room for a call of the bridge and for the conversion of a value, which needs more.
//
//go:noinline
func ForValue() byte {
	var room [4000]byte
	return room[index]
}

// index is a variable, so that the compiler keeps room.
var index int
