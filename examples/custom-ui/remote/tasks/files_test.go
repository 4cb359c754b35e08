package tasks

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/forgego/forgego/remote/remotetest"
)

func TestFileName(t *testing.T) {
	encode := func(s string) (all string) {
		for _, c := range []byte(s) {
			all += fmt.Sprintf("%%%02x", c)
		}
		return all
	}
	for _, tt := range []struct {
		name          string
		values        []string
		want, problem string
	}{
		{"plain", []string{"a.txt"}, "a.txt", ""},
		{"escaped", []string{"Gr%C3%B6%c3%9fe%20%F0%9F%99%82.txt"}, "Größe 🙂.txt", ""},
		{"what encodeURIComponent leaves", []string{"A-z_0.!~*'()"}, "A-z_0.!~*'()", ""},
		{"plus and percent", []string{"1+1=100%25"}, "1+1=100%", ""},
		{"joined emoji", []string{encode("👩‍🚀")}, "👩‍🚀", ""},
		{"255 characters", []string{encode(strings.Repeat("🙂", 255))}, strings.Repeat("🙂", 255), ""},
		{"256 characters", []string{strings.Repeat("a", 256)}, "", "at most 255"},
		{"missing", nil, "", "in one X-File-Name"},
		{"empty", []string{""}, "", "in one X-File-Name"},
		{"two", []string{"a", "b"}, "", "in one X-File-Name"},
		{"only spaces", []string{"%20%20"}, "", "needs a name"},
		{"raw space", []string{"a b"}, "", "must be percent-encoded"},
		{"raw UTF-8", []string{"ö"}, "", "must be percent-encoded"},
		{"half an escape", []string{"a%2"}, "", "not percent-encoded UTF-8"},
		{"no escape", []string{"100%"}, "", "not percent-encoded UTF-8"},
		{"wrong escape", []string{"%zz"}, "", "not percent-encoded UTF-8"},
		{"Latin-1", []string{"%F6"}, "", "not percent-encoded UTF-8"},
		{"surrogate", []string{"%ED%A0%80"}, "", "not percent-encoded UTF-8"},
		{"zero byte", []string{"a%00"}, "", "control characters"},
		{"line break", []string{"a%0D%0Ab"}, "", "control characters"},
		{"delete", []string{"%7F"}, "", "control characters"},
		{"C1", []string{"%C2%85"}, "", "control characters"},
		{"turned around", []string{encode("a\u202etxt.exe")}, "", "control characters"},
		{"folder", []string{"a%2Fb"}, "", "slashes"},
		{"raw slash", []string{"../b"}, "", "slashes"},
		{"backslash", []string{"a%5Cb"}, "", "slashes"},
	} {
		got, problem := fileName(tt.values)
		if got != tt.want || !strings.Contains(problem, tt.problem) || (problem == "") != (tt.problem == "") {
			t.Errorf("%s: %q, %q; want %q, %q", tt.name, got, problem, tt.want, tt.problem)
		}
	}
}

// FuzzFileName checks that an accepted name comes back unchanged, in a header that the name cannot break.
func FuzzFileName(f *testing.F) {
	for _, value := range []string{
		"Gr%C3%B6%c3%9fe%20%F0%9F%99%82.txt", "a%0D%0Aset-cookie:x", "it's%20%22quoted%22;%20a=b", "a%2", "..%2Fb", "%E2%80%AEtxt.exe", "%ED%A0%80",
	} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		name, problem := fileName([]string{value})
		if problem != "" {
			return
		}
		if !utf8.ValidString(name) || name == "" || utf8.RuneCountInString(name) > maxFileName || strings.ContainsAny(name, "\r\n\x00/\\") {
			t.Fatalf("%q was accepted as %q", value, name)
		}
		escaped := escapeFileName(name)
		kind, parameters, err := mime.ParseMediaType("attachment; filename*=UTF-8''" + escaped)
		if err != nil || kind != "attachment" || len(parameters) != 1 || parameters["filename"] != name {
			t.Errorf("%q was parsed as %q %v, %v", name, kind, parameters, err)
		}
		if again, problem := fileName([]string{escaped}); again != name || problem != "" {
			t.Errorf("%q, sent as %q, was read as %q, %s", name, escaped, again, problem)
		}
	})
}

func TestMediaType(t *testing.T) {
	for _, tt := range []struct {
		name   string
		values []string
		want   string
	}{
		{"plain", []string{"image/png"}, "image/png"},
		{"with a parameter", []string{"Text/HTML;Charset=UTF-8"}, "text/html; charset=UTF-8"},
		{"none", nil, octetStream},
		{"empty", []string{""}, octetStream},
		{"two", []string{"text/plain", "text/html"}, octetStream},
		{"no slash", []string{"text"}, octetStream},
		{"no type", []string{"/png"}, octetStream},
		{"no subtype", []string{"image/"}, octetStream},
		{"wrong characters", []string{"te xt/plain"}, octetStream},
		{"parameter cut", []string{"text/plain; charset"}, octetStream},
		{"line break", []string{"text/plain; a=\"b\r\nc\""}, octetStream},
		{"too long", []string{"text/plain; a=" + strings.Repeat("b", 255)}, octetStream},
	} {
		if got := mediaType(tt.values); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
	}
}

func TestUploadSizes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		path := "/tasks/" + n.add("i", "a").ID + "/file"
		before := strings.Repeat("before", 10)
		n.do("PUT", path, before, "X-File-Name", "before")
		largest := strings.Repeat("\x00\xff0123456789abcd", DefaultMaxFile/16)
		for _, tt := range []struct {
			name   string
			data   string
			status int
		}{
			{"empty", "", 200}, {"one byte", "\x00", 200}, {"10 MB", largest, 200}, {"10 MB and a byte", largest + "x", 413},
		} {
			for _, how := range []string{"announced", "chunked"} {
				n.do("PUT", path, before, "X-File-Name", "before")
				r := n.request(t.Context(), "i", "PUT", path, strings.NewReader(tt.data), "X-File-Name", "a")
				if how == "chunked" {
					r.ContentLength = -1
				}
				resp, body := n.send(r)
				want := tt.data
				if tt.status == 413 {
					want = before
				}
				if resp.StatusCode != tt.status || (tt.status == 413) != strings.Contains(body, "at most 10 MB") {
					t.Errorf("%s, %s: %d %s; want %d", tt.name, how, resp.StatusCode, body, tt.status)
				}
				if resp, got := n.do("GET", path, ""); resp.StatusCode != 200 || got != want {
					t.Errorf("%s, %s: afterwards the file has %d bytes; want %d", tt.name, how, len(got), len(want))
				}
			}
		}
	})
}

// write sends a request's head and body unchanged, and returns the connection for reading.
func (n *network) write(head, body string) (net io.ReadCloser, err error) {
	conn := n.dial()
	n.t.Cleanup(func() { conn.Close() })
	_, err = io.WriteString(conn, strings.ReplaceAll(head, "\n", "\r\n")+"\r\n\r\n"+body)
	return conn, err
}

func TestUploadThatIsAborted(t *testing.T) {
	for name, tt := range map[string]struct{ length, body string }{
		"announced": {"Content-Length: 1000", strings.Repeat("x", 500)},
		"chunked":   {"Transfer-Encoding: chunked", "5\r\nhello\r\n"},
		"no bytes":  {"Content-Length: 1000", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(t)
				path := "/tasks/" + n.add("i", "a").ID + "/file"
				n.do("PUT", path, "before", "X-File-Name", "before")
				reader := n.listen(t.Context(), "i")
				conn, err := n.write("PUT "+path+" HTTP/1.1\nHost: remote\nX-File-Name: after\nAuthorization: Bearer "+issuer.Token(remotetest.WithInstallation("i"))+"\n"+tt.length, tt.body)
				if err != nil {
					t.Fatal(err)
				}
				conn.Close()
				synctest.Wait()
				if _, got := n.do("GET", path, ""); got != "before" {
					t.Errorf("the file is %q; want the one before", got)
				}
				if _, list := n.do("GET", "/tasks", ""); !strings.Contains(list, `"file":{"name":"before"`) {
					t.Errorf("the list is %s; want the file before", list)
				}
				n.hub.close()
				if name, data, ok := reader.message(); ok {
					t.Errorf("readers got %q %q; want no event", name, data)
				}
			})
		})
	}
}

// A client whose upload is refused can finish sending, and then reads the reason.
func TestRefusedUploadsGetTheReason(t *testing.T) {
	body := strings.Repeat("x", DefaultMaxFile+1)
	for _, tt := range []struct {
		name, header, body string
		status             int
	}{
		{"too large", "X-File-Name: a\nContent-Length: " + fmt.Sprint(len(body)), body, 413},
		{"no name", "Content-Length: " + fmt.Sprint(len(body)), body, 400},
		{"two tokens", "X-File-Name: a\nAuthorization: Bearer x\nContent-Length: " + fmt.Sprint(len(body)), body, 401},
		{"waiting to be asked", "X-File-Name: a\nExpect: 100-continue\nContent-Length: " + fmt.Sprint(len(body)), "", 413},
		{"far too large", "X-File-Name: a\nContent-Length: 1000000000000", "", 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(t)
				path := "/tasks/" + n.add("i", "a").ID + "/file"
				conn, err := n.write("PUT "+path+" HTTP/1.1\nHost: remote\nAuthorization: Bearer "+issuer.Token(remotetest.WithInstallation("i"))+"\n"+tt.header, tt.body)
				if err != nil {
					t.Fatalf("the request cannot be sent: %v", err)
				}
				begin := time.Now()
				resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				if resp.StatusCode != tt.status || time.Since(begin) > 0 {
					t.Errorf("status %d after %v; want %d at once", resp.StatusCode, time.Since(begin), tt.status)
				}
			})
		})
	}
}

// trickle returns one part of its text per second.
type trickle struct{ parts []string }

func (r *trickle) Read(data []byte) (int, error) {
	if len(r.parts) == 0 {
		return 0, io.EOF
	}
	time.Sleep(time.Second)
	n := copy(data, r.parts[0])
	r.parts = r.parts[1:]
	return n, nil
}

// A slow upload has more time than the server allows for small requests, but its time is limited.
func TestSlowTransfers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		path := "/tasks/" + n.add("i", "a").ID + "/file"
		seconds := int(fileTime/time.Second) - 1
		if resp, body := n.send(n.request(t.Context(), "i", "PUT", path, &trickle{make([]string, seconds)}, "X-File-Name", "a")); resp.StatusCode != 200 {
			t.Errorf("%d seconds: %d %s", seconds, resp.StatusCode, body)
		}
		parts := strings.Split(strings.Repeat("x", seconds+10), "")
		resp, err := n.client.Do(n.request(t.Context(), "i", "PUT", path, &trickle{parts}, "X-File-Name", "b"))
		if err == nil {
			resp.Body.Close()
		}
		if _, list := n.do("GET", "/tasks", ""); err == nil && resp.StatusCode == 200 || !strings.Contains(list, `"name":"a","type"`) {
			t.Errorf("%d seconds: %v, and then %s; want the upload refused", len(parts), err, list)
		}

		n.do("PUT", path, strings.Repeat("x", DefaultMaxFile), "X-File-Name", "a")
		resp, err = n.client.Do(n.request(t.Context(), "i", "GET", path, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		time.Sleep(fileTime - time.Second)
		if data, err := io.ReadAll(resp.Body); len(data) != DefaultMaxFile || err != nil {
			t.Errorf("%d bytes, %v; want the whole file", len(data), err)
		}
	})
}

func TestMaxFile(t *testing.T) {
	c := newClient(t)
	c.api = newAPI(newTestStore(t), newHub(), quiet(WithMaxFile(1_835_008)))
	var made task
	c.want(c.add("k", "a"), 201, &made)
	path := "/tasks/" + made.ID + "/file"
	for size, want := range map[int]int{1_835_008: 200, 1_835_009: 413} {
		w := c.do("PUT", path, string(make([]byte, size)), "X-File-Name", "f")
		c.want(w, want, nil)
	}
	for most, want := range map[int64]string{10 << 20: "10 MB (10,485,760 bytes)", 1_835_008: "1.75 MB (1,835,008 bytes)"} {
		if got := megabytes(most); got != want {
			t.Errorf("megabytes(%d) = %q; want %q", most, got, want)
		}
	}
}

func TestDownload(t *testing.T) {
	c := newClient(t)
	var added task
	c.want(c.add("k", "a"), 201, &added)
	path := "/tasks/" + added.ID + "/file"
	var missing struct{ Error string }
	c.want(c.do("GET", path, ""), 404, &missing)
	if missing.Error != "This task has no file." {
		t.Errorf("no file: error %q", missing.Error)
	}

	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	var changed task
	c.want(c.do("PUT", path, string(every), "X-File-Name", "a%20%22%F0%9F%99%82%22.html", "Content-Type", "text/html; charset=utf-8"), 200, &changed)
	if want := (file{`a "🙂".html`, "text/html; charset=utf-8", 256}); changed.File == nil || *changed.File != want {
		t.Fatalf("file %v; want %v", changed.File, want)
	}
	w := c.do("GET", path, "")
	tag := w.Header().Get("ETag")
	want := http.Header{
		"Content-Type":            {"text/html; charset=utf-8"},
		"Content-Length":          {"256"},
		"Content-Disposition":     {"attachment; filename*=UTF-8''a%20%22%F0%9F%99%82%22.html"},
		"Content-Security-Policy": {"sandbox; default-src 'none'"},
		"X-Content-Type-Options":  {"nosniff"},
		"Cache-Control":           {"private, no-cache"},
		"Vary":                    {"Authorization"},
		"Etag":                    {tag},
	}
	if !maps.EqualFunc(w.Header(), want, slices.Equal) || len(tag) < 18 {
		t.Errorf("header\n%v; want\n%v", w.Header(), want)
	}
	if w.Code != 200 || w.Body.String() != string(every) {
		t.Errorf("%d with %q; want every byte", w.Code, w.Body)
	}
	w = c.do("HEAD", path, "")
	if w.Code != 200 || w.Body.Len() != 0 || !maps.EqualFunc(w.Header(), want, slices.Equal) {
		t.Errorf("HEAD: %d %v with %d bytes; want the same header and none", w.Code, w.Header(), w.Body.Len())
	}

	for _, tt := range []struct {
		name, value string
		status      int
	}{
		{"same", tag, 304}, {"weak", "W/" + tag, 304}, {"any", "*", 304}, {"in a list", `"x", ` + tag + `,"y"`, 304},
		{"other", `"x"`, 200}, {"not quoted", tag[1 : len(tag)-1], 200}, {"empty", "", 200}, {"part", tag[:5] + `"`, 200},
	} {
		w := c.do("GET", path, "", "If-None-Match", tt.value)
		if w.Code != tt.status || (w.Body.Len() == 0) != (tt.status == 304) || w.Header().Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d with %d bytes; want %d", tt.name, w.Code, w.Body.Len(), tt.status)
		}
	}
	c.want(c.do("PUT", path, string(every[1:]), "X-File-Name", "a.html"), 200, &changed)
	if w := c.do("GET", path, "", "If-None-Match", tag); w.Code != 200 || w.Header().Get("Content-Type") != octetStream {
		t.Errorf("another file: %d, %s; want 200 and application/octet-stream", w.Code, w.Header().Get("Content-Type"))
	}

	theirs := c.as("installation-2")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		theirs.want(theirs.do(method, path, "", "X-File-Name", "a"), 404, nil)
	}
	var without task
	c.want(c.do("DELETE", path, ""), 200, &without)
	if without.Version <= added.Version {
		t.Errorf("without its file the task has version %d; want a later one than %d", without.Version, added.Version)
	}
	if without.Version = added.Version; without != added {
		t.Errorf("without its file the task is %v; want %v", without, added)
	}
	c.want(c.do("DELETE", path, ""), 404, nil)
}

// If a file is replaced during a download, the connection breaks, so that the reader does not accept a mixture of both
// files.
func TestDownloadOfAReplacedFileBreaksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		path := "/tasks/" + n.add("i", "a").ID + "/file"
		n.do("PUT", path, strings.Repeat("1", 8*pieceSize), "X-File-Name", "f")
		resp, err := n.client.Do(n.request(t.Context(), "i", "GET", path, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		n.do("PUT", path, strings.Repeat("2", 8*pieceSize), "X-File-Name", "f")
		data, err := io.ReadAll(resp.Body)
		if err == nil || bytes.ContainsRune(data, '2') {
			t.Errorf("%d bytes, %v; want a part of the old file and an error", len(data), err)
		}
		if _, got := n.do("GET", path, ""); got != strings.Repeat("2", 8*pieceSize) {
			t.Errorf("the next download has %d bytes; want the new file", len(got))
		}
	})
}
