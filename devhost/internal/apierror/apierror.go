// Package apierror holds the error that the local host returns to the product page.
package apierror

import (
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/platform"
)

// Error is an error that the page's script throws. The app gets Message and Code.
type Error struct {
	Message string `json:"message"`
	Code    string `json:"code"`
	// Detail is for the developer. The page shows it and does not pass it on to the app.
	Detail string `json:"detail,omitempty"`
}

// Error returns the message. The page's script gets all three texts.
func (e *Error) Error() string { return e.Message }

// Of returns an error as the page gets it, or nil if it is neither an Error nor an error of the platform.
func Of(err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	if failed, ok := errors.AsType[*platform.Error](err); ok {
		return &Error{Message: failed.Message, Code: string(failed.Code), Detail: failed.Detail}
	}
	return nil
}

// MaxText is the largest size of each text of an error as JSON, in bytes. Longer texts are cut. Some texts repeat what
// the page has sent.
const MaxText = 16 << 10

// MarshalJSON cuts texts that are longer than MaxText.
func (e Error) MarshalJSON() ([]byte, error) {
	type plain Error // without this method
	e.Message, e.Code, e.Detail = shorten(e.Message, MaxText), shorten(e.Code, MaxText), shorten(e.Detail, MaxText)
	return json.Marshal(plain(e))
}

// shorten returns at most limit bytes of text. It appends an ellipsis if it cuts something off.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}
