package tasks

import (
	"net/http"
	"strconv"
	"strings"
)

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
