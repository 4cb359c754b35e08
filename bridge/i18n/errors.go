package i18n

import (
	"errors"
	"fmt"
)

// ErrUnavailable means that the translations could not be read, for example because manifest.yml has no translations.
// The cause says why.
var ErrUnavailable = errors.New("the translations could not be read")

func unavailable(file string, cause error) error {
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, file, cause)
}
