package devhost

import (
	"context"

	"github.com/forgego/forgego/devhost/internal/apierror"
)

// open opens a place in the developer's editor.
func (h *Host) open(_ context.Context, in Place) (struct{}, error) {
	if err := h.options.open(in); err != nil {
		return struct{}{}, &apierror.Error{Code: "NOT_OPENED", Message: err.Error()}
	}
	return struct{}{}, nil
}
