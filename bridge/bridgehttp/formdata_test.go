package bridgehttp_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// upload posts a form with these parts. Each function writes one part.
func upload(t *testing.T, client *http.Client, parts ...func(*multipart.Writer)) error {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, part := range parts {
		part(w)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	resp, err := client.Post(baseURL+"/files", w.FormDataContentType(), &body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 {
		t.Errorf("the remote answered %s: %s", resp.Status, text)
	}
	return nil
}

func field(name, value string) func(*multipart.Writer) {
	return func(w *multipart.Writer) { _ = w.WriteField(name, value) }
}

func file(name string, content []byte) func(*multipart.Writer) {
	return func(w *multipart.Writer) {
		part, _ := w.CreateFormFile(name, `a "b" ü.bin`)
		_, _ = part.Write(content)
	}
}

func TestUpload(t *testing.T) {
	for _, way := range []string{byHost, byDirect} {
		for name, content := range map[string][]byte{"bytes": allBytes(), "text": []byte("Grüße\r\n")} {
			t.Run(way+"/"+name, func(t *testing.T) {
				filename := `a "b" ü.bin`
				if way == byHost && name == "bytes" {
					filename = `a %22b%22 ü.bin` // a browser writes it so, and Go's reader leaves it so
				}
				h := newHost(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if err := r.ParseMultipartForm(1 << 20); err != nil {
						http.Error(w, err.Error(), http.StatusBadRequest)
						return
					}
					for _, got := range r.MultipartForm.File["file"] {
						f, err := got.Open()
						if err != nil {
							t.Error(err)
							continue
						}
						if data, err := io.ReadAll(f); err != nil || !bytes.Equal(data, content) || got.Filename != filename || got.Header.Get("Content-Type") != "application/octet-stream" {
							t.Errorf("the remote got %q, %q of the type %s (%v)", got.Filename, data, got.Header.Get("Content-Type"), err)
						}
					}
					if name := r.FormValue("name"); name != "Ä" || len(r.MultipartForm.File["file"]) != 1 {
						t.Errorf("the remote got name=%q and %d files", name, len(r.MultipartForm.File["file"]))
					}
				}))
				if err := upload(t, clientOf(h, way), field("name", "Ä"), file("file", content)); err != nil {
					t.Error(err)
				}
				// A form is sent as @forge/bridge sends it: the type is that of the JSON text.
				if way == byHost && name == "bytes" && !bytes.Contains(h.Calls()[0].Payload, []byte(`["content-type","text/plain;charset=UTF-8"]`)) {
					t.Errorf("the host got %s", h.Calls()[0].Payload)
				}
			})
		}
	}
}

// TestUploadRefuses checks forms that the host cannot transfer completely.
func TestUploadRefuses(t *testing.T) {
	bytes := file("file", allBytes())
	tests := map[string]struct {
		parts []func(*multipart.Writer)
		text  string
	}{
		"a file of another name":  {[]func(*multipart.Writer){file("image", allBytes())}, `"file"`},
		"a name that comes twice": {[]func(*multipart.Writer){bytes, bytes}, "twice"},
		"a field's own type": {[]func(*multipart.Writer){bytes, func(w *multipart.Writer) {
			part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="meta"`}, "Content-Type": {jsonType}})
			_, _ = io.WriteString(part, "{}")
		}}, "the part meta has the header field Content-Type"},
		"a file's own field": {[]func(*multipart.Writer){func(w *multipart.Writer) {
			part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a"`}, "X-Own": {"1"}})
			_, _ = part.Write(allBytes())
		}}, "X-Own"},
		"a part without a name": {[]func(*multipart.Writer){func(w *multipart.Writer) {
			part, _ := w.CreatePart(textproto.MIMEHeader{})
			_, _ = part.Write(allBytes())
		}}, "without a name"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHost(t, never(t))
			err := upload(t, clientOf(h, byHost), tt.parts...)
			if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.text) || h.count() != 0 {
				t.Errorf("got %v after %d calls, want ErrInvalidRequest with %q", err, h.count(), tt.text)
			}
		})
	}
	t.Run("cut off", func(t *testing.T) {
		_, err := clientOf(newHost(t, never(t)), byHost).Post(baseURL+"/", "multipart/form-data; boundary=b", strings.NewReader("--b\r\n\xFF"))
		if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), "multipart/form-data") {
			t.Errorf("got %v", err)
		}
	})
}
