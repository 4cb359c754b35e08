package tunnel

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"

	"github.com/forgego/forgego/internal/manifest"
)

var errPageTooLarge = fmt.Errorf("the page is larger than the local host accepts (%d MB)", manifest.MaxPage>>20)

// change adds to an answer what the local host adds to the app's files: the policy, and to pages the bridge's script. As
// for forge tunnel, an answer is a page if its content type has "html".
func (p Page) change(res *http.Response) error {
	header := res.Header
	// GuardSite has set it.
	header.Del("Cross-Origin-Resource-Policy")
	if res.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	if !strings.Contains(strings.ToLower(header.Get("Content-Type")), "html") || res.StatusCode == http.StatusPartialContent {
		// A worker runs under the policy of the response with its script.
		header.Set("Content-Security-Policy", p.Policy(nil))
		return nil
	}
	// The policy changes with the manifest, so browsers must not use the page again.
	header.Set("Cache-Control", "no-store")
	for _, name := range []string{"Content-Length", "ETag", "Last-Modified", "Accept-Ranges"} {
		header.Del(name)
	}
	if res.Request.Method == http.MethodHead || res.StatusCode == http.StatusNoContent || res.StatusCode == http.StatusNotModified {
		header.Del("Content-Encoding")
		header.Set("Content-Security-Policy", p.Policy(nil))
		return nil
	}
	page, err := readPage(res)
	if err != nil {
		return err
	}
	header.Del("Content-Encoding")
	header.Set("Content-Security-Policy", p.Policy(page))
	page = p.Inject(page)
	header.Set("Content-Length", strconv.Itoa(len(page)))
	res.Body, res.ContentLength, res.TransferEncoding, res.Trailer = io.NopCloser(bytes.NewReader(page)), int64(len(page)), nil, nil
	return nil
}

// readPage returns the body of an answer without its compression, and closes it.
func readPage(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	body, err := decode(res.Body, res.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, err
	}
	page, err := io.ReadAll(io.LimitReader(body, manifest.MaxPage+1))
	if err != nil {
		return nil, fmt.Errorf("the page cannot be read: %w", err)
	}
	if len(page) > manifest.MaxPage {
		return nil, errPageTooLarge
	}
	return page, nil
}

// decode is for servers that compress although they are asked not to.
func decode(body io.Reader, encoding string) (io.Reader, error) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return body, nil
	case "br":
		return brotli.NewReader(body), nil
	case "gzip", "x-gzip":
		unzipped, err := gzip.NewReader(body)
		if err == io.EOF {
			return body, nil // The body is empty.
		}
		if err != nil {
			return nil, fmt.Errorf("the page cannot be read: %w", err)
		}
		return unzipped, nil
	}
	return nil, fmt.Errorf("the page has the compression %q, but the local host asked for none; turn compression off in the server", encoding)
}
