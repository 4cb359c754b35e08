package tasks

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
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

	octetStream = "application/octet-stream"
)

func (a *api) upload(w http.ResponseWriter, r *http.Request) {
	name, problem := fileName(r.Header.Values("X-File-Name"))
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
	changed, err := a.tasks.setFile(r.Context(), of, id, f, received)
	if err != nil {
		a.tasks.discard(r.Context(), received)
		a.fail(w, r, err)
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
	changed, err := a.tasks.removeFile(r.Context(), installation(r), r.PathValue("id"))
	if err != nil {
		a.fail(w, r, err)
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
