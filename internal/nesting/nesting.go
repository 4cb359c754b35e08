// Package nesting converts between JSON and Go values, and refuses values that nest so deeply that they could exhaust the
// stack. An exhausted stack ends the whole program: Go cannot recover from it.
//
// With Go's compiler it uses package jsoncodec. TinyGo lacks the parts of reflect that jsoncodec needs, such as
// reflect.NewAt, so there it uses encoding/json.
package nesting
