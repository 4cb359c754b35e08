package pagefetch

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/platform"
)

func TestUnpack(t *testing.T) {
	answer := func(coding, body string) *http.Response {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Encoding": {coding}}, Body: io.NopCloser(strings.NewReader(body))}
	}
	if _, body, err := ReadAnswer(answer("br", "as it is")); body != "as it is" || err != nil {
		t.Errorf("an unknown coding returns %q (%v)", body, err)
	}
	var failed *platform.Error
	if _, _, err := ReadAnswer(answer("gzip", "not packed")); !errors.As(err, &failed) || failed.Message != "Failed to fetch" {
		t.Errorf("an uncompressed body returns %v", err)
	}
}
