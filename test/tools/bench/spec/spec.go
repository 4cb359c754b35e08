// Package spec defines the messages between the benchmark and its Go program in the page.
package spec

// Sample is one measurement: a number of equal calls.
type Sample struct {
	// Op is RequestRemote or InvokeRemote.
	Op string `json:"op"`
	// Read is how the answer is read: Text, Bytes, Value or Unread. The calls of Cancelled and Refused have no answer.
	Read string `json:"read"`
	// Calls is the number of calls. AtOnce is how many of them start together. The next batch starts when all calls of the
	// batch are answered.
	Calls  int `json:"calls"`
	AtOnce int `json:"atOnce"`
	// Keep keeps the answers until the next sample begins.
	Keep bool `json:"keep"`
	// KeepText keeps one text of each value that is read, until the next sample begins.
	KeepText bool `json:"keepText"`
	// If Bare is true, the program sends a prepared request by Host.Call, the same as its client would send. Of the answer
	// it reads only the length.
	Bare bool `json:"bare"`
}

// The operations.
const (
	RequestRemote = "requestRemote"
	InvokeRemote  = "invokeRemote"
)

// Value reads the answer as a JSON value in the client's language. Its request body is such a value too.
const (
	Text  = "text"
	Bytes = "bytes"
	Value = "value"
	// Unread neither reads nor closes the answer.
	Unread = "unread"
	// Cancelled is a call that is cancelled while the host works on it. Refused is a call that the host refuses.
	Cancelled = "cancelled"
	Refused   = "refused"
)

// Result is the result of a sample.
type Result struct {
	// Milliseconds is the time from before the first call until the last answer is read.
	Milliseconds float64 `json:"milliseconds"`
	// Bytes is the length of all the answers together. For Value it is the number of items.
	Bytes int `json:"bytes"`
	// Kept is the length of the texts that are kept.
	Kept int `json:"kept"`
}

// State is what the program holds after a garbage collection.
type State struct {
	// References is the number of JavaScript values that the Go runtime refers to.
	References int `json:"references"`
	// Heap is the number of bytes in use on Go's heap. Stacks is the number of bytes of goroutine stacks.
	Heap   int64 `json:"heap"`
	Stacks int64 `json:"stacks"`
	// Goroutines is the number of goroutines.
	Goroutines int `json:"goroutines"`
	// Memory is the size of the program's memory in bytes, as JavaScript sees it. It only grows.
	Memory int64 `json:"memory"`
}

// Leaks asks for states after given numbers of calls.
type Leaks struct {
	// Samples are made in turn, again and again.
	Samples []Sample `json:"samples"`
	// Counts are the numbers of calls after which states are read. Looks is the number of readings each time. All samples
	// run once between two readings.
	Counts []int `json:"counts"`
	Looks  int   `json:"looks"`
}
