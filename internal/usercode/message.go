package usercode

import (
	"context"
	"strings"
)

// Message returns the text of an error for the app's user. An error with a method UserMessage has a text of its own, also
// in the text of an error that wraps it.
func Message(err error) (text string) {
	// A method of the app's error may panic.
	Call(func() error {
		text = message(err)
		return nil
	}, func(failed error) {
		if p, ok := failed.(*PanicError); ok {
			text = p.UserMessage()
		}
	})
	return text
}

func message(err error) string {
	switch err {
	case nil:
		return ""
	case context.DeadlineExceeded:
		return "It took too long. Try again."
	case context.Canceled:
		return "It was cancelled."
	}
	if err, ok := err.(interface{ UserMessage() string }); ok {
		return err.UserMessage()
	}
	text := err.Error()
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		text = reworded(text, err.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range err.Unwrap() {
			text = reworded(text, inner)
		}
	}
	return text
}

// reworded returns text with the message of inner in the place of its text.
func reworded(text string, inner error) string {
	if inner == nil {
		return text
	}
	technical := inner.Error()
	if technical == "" {
		return text
	}
	return strings.Replace(text, technical, message(inner), 1)
}
