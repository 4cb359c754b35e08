package tasks

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	// maxFileName is in characters.
	maxFileName = 255
	// maxMediaType is in bytes.
	maxMediaType = 255

	// fileTime limits the transfer of a file, in both directions.
	fileTime = 2 * time.Minute

	// maxUploads limits the files that the process receives at once, and maxUploadsEach those of one installation.
	maxUploads, maxUploadsEach = 16, 4
	// uploadWait is how long an upload waits for its turn.
	uploadWait = 10 * time.Second

	octetStream = "application/octet-stream"
)

// errBusy means that too many uploads are under way.
var errBusy = errors.New("too many uploads at once")

func (a *api) upload(w http.ResponseWriter, r *http.Request) {
	name, problem := fileName(r.Header.Values("X-File-Name"))
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	from, problem := version(r.Header.Values("If-Match"))
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	id, of := r.PathValue("id"), installation(r)
	// Check as much as possible before the file is sent.
	if r.ContentLength > a.maxFile {
		a.fail(w, r, errTooLarge)
		return
	}
	if err := a.tasks.checkRoom(r.Context(), of, id, max(r.ContentLength, 0)); err != nil {
		a.fail(w, r, err)
		return
	}
	if from != nil {
		if t, err := a.tasks.isStill(r.Context(), of, id, from); err != nil {
			a.failAt(w, r, t, err)
			return
		}
	}
	allowFileTime(w)
	end, err := a.uploads.begin(r.Context(), of)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	defer end()
	f := file{Name: name, Type: mediaType(r.Header.Values("Content-Type"))}
	received, err := a.tasks.receive(r.Context(), f, r.Body, a.maxFile)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	changed, err := a.tasks.setFile(r.Context(), of, id, from, f, received)
	if err != nil {
		a.tasks.discard(r.Context(), received)
		a.failAt(w, r, changed, err)
		return
	}
	writeJSON(w, http.StatusOK, changed)
}

// megabytes returns a size such as "10 MB (10,485,760 bytes)".
func megabytes(size int64) string {
	digits := strconv.FormatInt(size, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return strconv.FormatFloat(float64(size)/(1<<20), 'g', 3, 64) + " MB (" + digits + " bytes)"
}

func (a *api) removeFile(w http.ResponseWriter, r *http.Request) {
	from, problem := version(r.Header.Values("If-Match"))
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	changed, err := a.tasks.removeFile(r.Context(), installation(r), r.PathValue("id"), from)
	if err != nil {
		a.failAt(w, r, changed, err)
		return
	}
	writeJSON(w, http.StatusOK, changed)
}

// allowFileTime puts fileTime in place of the server's deadlines, which are for small requests. The answer to an upload
// may take a little longer than the upload.
func allowFileTime(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Now().Add(fileTime))
	control.SetWriteDeadline(time.Now().Add(fileTime + 10*time.Second))
}

// fileName parses the values of X-File-Name: one name in UTF-8, percent-encoded as by encodeURIComponent. It also returns what
// is wrong with them.
func fileName(values []string) (name, problem string) {
	if len(values) != 1 || values[0] == "" {
		return "", "Send the file's name in one X-File-Name header."
	}
	for _, c := range []byte(values[0]) {
		if c <= ' ' || c >= 0x7f {
			return "", "The X-File-Name header must be percent-encoded, as by encodeURIComponent."
		}
	}
	name, err := url.PathUnescape(values[0])
	switch {
	case err != nil || !utf8.ValidString(name):
		return "", "The X-File-Name header is not percent-encoded UTF-8, as by encodeURIComponent."
	case utf8.RuneCountInString(name) > maxFileName:
		return "", "A file's name can have at most 255 characters."
	case strings.ContainsFunc(name, isControl):
		return "", "A file's name cannot contain control characters."
	case !isVisible(name):
		return "", "A file needs a name."
	case strings.ContainsAny(name, `/\`):
		return "", "A file's name cannot contain slashes. Send it without its folder."
	}
	return name, ""
}

// mediaType parses the values of Content-Type. It returns application/octet-stream if they are not a media type.
func mediaType(values []string) string {
	if len(values) != 1 {
		return octetStream
	}
	name, parameters, err := mime.ParseMediaType(values[0])
	if err != nil || !strings.Contains(name, "/") {
		return octetStream
	}
	text := mime.FormatMediaType(name, parameters)
	if text == "" || len(text) > maxMediaType {
		return octetStream
	}
	return text
}

// download sends a file unchanged. The file may be a page whose script attacks another user. So the headers make a
// browser save the file, and block scripts if the browser shows it anyway.
func (a *api) download(w http.ResponseWriter, r *http.Request) {
	f, c, err := a.tasks.file(r.Context(), installation(r), r.PathValue("id"))
	isFresh := err == nil && matchesTag(r.Header.Values("If-None-Match"), c.tag)
	var data []byte
	if err == nil && !isFresh && r.Method != http.MethodHead && f.Size > 0 {
		data, err = a.tasks.piece(r.Context(), c, 0)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("ETag", `"`+c.tag+`"`)
	// A browser may cache the file, but must revalidate it each time, with a token.
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization")
	if isFresh {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.Type)
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+escapeFileName(f.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodHead {
		return
	}
	allowFileTime(w)
	sent := int64(0)
	for number := 1; ; number++ {
		if _, err := w.Write(data); err != nil {
			return // the browser has left
		}
		if sent += int64(len(data)); sent >= f.Size {
			return
		}
		if data, err = a.tasks.piece(r.Context(), c, number); err != nil {
			// Only a broken connection tells the browser that the file is incomplete. The browser may try again.
			a.log.Warn("download broken off", "path", r.URL.Path, "error", err)
			panic(http.ErrAbortHandler)
		}
	}
}

// escapeFileName percent-encodes all characters of a name that are not an attr-char, for filename* (RFC 8187).
func escapeFileName(name string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// matchesTag reports whether If-None-Match contains the tag or *. Our tags contain no comma and no quotation mark.
func matchesTag(values []string, tag string) bool {
	for _, value := range values {
		for one := range strings.SplitSeq(value, ",") {
			one = strings.Trim(one, " \t")
			if one == "*" || strings.TrimPrefix(one, "W/") == `"`+tag+`"` {
				return true
			}
		}
	}
	return false
}

// uploads limits how many files are received at once.
type uploads struct {
	mu    sync.Mutex
	all   int
	each  map[string]int
	ended chan struct{} // closed, and made again, when an upload ends
}

func newUploads() *uploads { return &uploads{each: make(map[string]int), ended: make(chan struct{})} }

// begin waits until the installation may upload a file. The caller must call end afterwards. The error is errBusy after
// uploadWait, or the context's.
func (u *uploads) begin(ctx context.Context, installation string) (end func(), err error) {
	timeout := time.NewTimer(uploadWait)
	defer timeout.Stop()
	for {
		u.mu.Lock()
		if u.all < maxUploads && u.each[installation] < maxUploadsEach {
			u.all++
			u.each[installation]++
			u.mu.Unlock()
			return func() { u.end(installation) }, nil
		}
		ended := u.ended
		u.mu.Unlock()
		select {
		case <-ended:
		case <-timeout.C:
			return nil, errBusy
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (u *uploads) end(installation string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all--
	if u.each[installation]--; u.each[installation] == 0 {
		delete(u.each, installation)
	}
	close(u.ended)
	u.ended = make(chan struct{})
}
