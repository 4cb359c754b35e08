// Package spec holds what the benchmark and its Go program in the page say to each other.
package spec

// Sample is what is measured once: a number of equal calls.
type Sample struct {
	// Op is RequestRemote or InvokeRemote.
	Op string `json:"op"`
	// Read is how the answer is read: Text, Bytes or Value; or Cancelled or Refused, whose calls have no answer.
	Read string `json:"read"`
	// Calls is how many calls there are, AtOnce how many of them are started together. The next are started when all of
	// these are answered.
	Calls  int `json:"calls"`
	AtOnce int `json:"atOnce"`
	// Keep keeps what was read until the next sample begins.
	Keep bool `json:"keep"`
	// Bare has the program send what its client would send, ready as it is, by Host.Call, and read nothing of the answer
	// but its length.
	Bare bool `json:"bare"`
}

// The operations.
const (
	RequestRemote = "requestRemote"
	InvokeRemote  = "invokeRemote"
)

// How an answer is read. Value is JSON as a value of the language, the request's body included.
const (
	Text  = "text"
	Bytes = "bytes"
	Value = "value"
	// Cancelled is a call that is given up while the host has it, Refused one that the host refuses.
	Cancelled = "cancelled"
	Refused   = "refused"
)

// Result is what a sample gives.
type Result struct {
	// Milliseconds is from before the first call to after the last answer is read.
	Milliseconds float64 `json:"milliseconds"`
	// Bytes is how long what was read is, all calls together; for Value it is the number of items.
	Bytes int `json:"bytes"`
}

// State is what the program holds after its garbage is collected.
type State struct {
	// References is the number of JavaScript values that the Go runtime refers to.
	References int `json:"references"`
	// Heap is the bytes of Go's heap that are in use, Stacks those of its goroutines' stacks.
	Heap   int64 `json:"heap"`
	Stacks int64 `json:"stacks"`
	// Goroutines is their number.
	Goroutines int `json:"goroutines"`
	// Memory is the size of the program's memory in bytes, as JavaScript sees it. It only grows.
	Memory int64 `json:"memory"`
}

// Leaks asks for states after numbers of calls.
type Leaks struct {
	// Samples are made in turn, again and again.
	Samples []Sample `json:"samples"`
	// Counts are the numbers of calls after which states are taken, and Looks is how often each is taken, with all samples
	// once more between.
	Counts []int `json:"counts"`
	Looks  int   `json:"looks"`
}
