// Package list has types that the program uses, and one with the name of another.
package list

// Task is another type with that name.
type Task struct{ Name string }

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}
