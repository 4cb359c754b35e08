package bridgehttp

import (
	"io"
	"net/http"
	"strconv"

	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/internal/usercode"
)

// requestBody is the body of a request: read once, closed once.
type requestBody struct {
	request *http.Request
	closed  bool
}

// read returns the whole body, or nil if there is none. It returns when the request's context ends, even if the
// body's reader does not. A panic of the reader becomes an error.
func (b *requestBody) read() ([]byte, error) {
	r := b.request
	if r.Body == nil || r.Body == http.NoBody {
		if r.ContentLength > 0 {
			return nil, invalid("ContentLength", "it is "+strconv.FormatInt(r.ContentLength, 10)+", but there is no body")
		}
		return nil, nil
	}
	ctx := r.Context()
	data, err := usercode.Wait(ctx, func() ([]byte, error) {
		var reader io.Reader = r.Body
		if r.ContentLength > 0 {
			reader = io.LimitReader(reader, r.ContentLength+1)
		}
		return io.ReadAll(reader)
	})
	if ctx.Err() != nil {
		return nil, ctxerr.Of(ctx)
	}
	if err != nil {
		return nil, invalidBody("it could not be read", err)
	}
	switch n := int64(len(data)); {
	case r.ContentLength > 0 && n < r.ContentLength:
		return nil, invalid("ContentLength", "it is "+strconv.FormatInt(r.ContentLength, 10)+", but the body has "+strconv.FormatInt(n, 10)+" bytes")
	case r.ContentLength > 0 && n > r.ContentLength:
		return nil, invalid("ContentLength", "it is "+strconv.FormatInt(r.ContentLength, 10)+", but the body has more bytes")
	}
	return data, nil
}

// close closes the body once.
func (b *requestBody) close() error {
	if b.closed || b.request.Body == nil {
		return nil
	}
	b.closed = true
	if err := b.request.Body.Close(); err != nil {
		return invalidBody("it could not be closed", err)
	}
	return nil
}

// maxInvoke is the largest body that invokeRemote takes, in bytes. The platform documents 500 KB without defining a
// KB.
const maxInvoke = 500 << 10

// checkSize returns an error for a body that the platform would certainly refuse.
func (t *Transport) checkSize(data []byte) error {
	if t.invoke && len(data) > maxInvoke {
		return invalid("Body", "it has "+strconv.Itoa(len(data))+" bytes, and invokeRemote takes at most 500 KB; use NewTransport")
	}
	return nil
}
