package objectstore

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/internal/platform"
)

const helloSum = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="

// server serves the presigned addresses of a store.
type server struct {
	*Store
	baseURL string
}

// serve starts a server that runs until the test ends.
func serve(t *testing.T) *server {
	t.Helper()
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	s := New()
	mux.HandleFunc("PUT /object/{part}", s.ServePut)
	mux.HandleFunc("GET /object/{part}", s.ServeGet)
	return &server{s, site.URL + "/object/"}
}

// ask sends a request with headers, which are names and values in turn, and returns the response and its body.
func ask(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// TestPresigningStoresNothing checks that presigned addresses need no memory in the store.
func TestPresigningStoresNothing(t *testing.T) {
	o := New()
	signer := o.presigner
	one := `{"length":5,"checksum":"` + helloSum + `","checksumType":"SHA256"}`
	out, err := o.Call(1, "upload", []byte(`{"allObjectMetadata":[`+strings.Repeat(one+",", maxOfCall-1)+one+`]}`), "http://127.0.0.1:1/object/")
	if err != nil {
		t.Fatal(err)
	}
	var addresses map[string]struct{ Key string }
	if err := json.Unmarshal(out, &addresses); err != nil || len(addresses) != maxOfCall {
		t.Fatalf("got %d addresses, %v", len(addresses), err)
	}
	if o.presigner != signer || len(o.stored) != 0 || o.size != 0 {
		t.Errorf("the store has %d objects, %d bytes", len(o.stored), o.size)
	}
	for address, metadata := range addresses {
		p, ok := o.presigner.open(address[strings.LastIndexByte(address, '/')+1:], "PUT")
		if !ok || p.Key != siteKey(1, metadata.Key) || p.Length != 5 || p.Checksum != helloSum {
			t.Fatalf("%s allows %+v, %v", address, p, ok)
		}
	}
}

func TestStoreCallsAreLimited(t *testing.T) {
	o := New()
	for name, payload := range map[string]string{
		"objects":         `{"allObjectMetadata":[` + strings.Repeat("{},", maxOfCall) + `{}]}`,
		"keys":            `{"keys":[` + strings.Repeat(`"",`, maxOfCall) + `""]}`,
		"bytes":           `{"key":"` + strings.Repeat("a", maxStoreCall) + `"}`,
		"a checksum":      `{"allObjectMetadata":[{"checksum":"` + strings.Repeat("a", maxChecksum+1) + `"}]}`,
		"a checksum type": `{"allObjectMetadata":[{"checksumType":"` + strings.Repeat("a", maxChecksum+1) + `"}]}`,
	} {
		for _, role := range []string{"upload", "download", "metadata", "delete"} {
			out, err := o.Call(1, role, []byte(payload), "http://127.0.0.1:1/object/")
			if known := (*platform.Error)(nil); !errors.As(err, &known) || known.Code != "INVALID_REQUEST" || len(known.Message) > 200 {
				t.Errorf("above the limit of %s, role %s: got %d bytes, %v", name, role, len(out), err)
			}
		}
	}
}

func TestPresignedAddressesExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signer := newPresigner()
		time.Sleep(time.Minute)
		part, err := signer.sign(presigned{Method: "PUT", Key: "a"})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			wait time.Duration
			want bool
		}{{0, true}, {presignedTime - 1, true}, {1, false}, {time.Hour, false}} {
			time.Sleep(c.wait)
			if _, ok := signer.open(part, "PUT"); ok != c.want {
				t.Errorf("%s after the start: open returned %v, want %v", time.Since(signer.start), ok, c.want)
			}
		}
	})
}

func TestForgedPresignedAddresses(t *testing.T) {
	signer, other := newPresigner(), newPresigner()
	part, err := signer.sign(presigned{Method: "PUT", Key: "a", Length: 5})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.sign(presigned{Method: "PUT", Key: "a", Length: 5})
	if err != nil {
		t.Fatal(err)
	}
	payload, signature, _ := strings.Cut(part, ".")
	long := presignedEncoding.EncodeToString([]byte(`{"m":"PUT","k":"a","l":50,"e":3600000000000}`))
	for name, forged := range map[string]string{
		"signed by another presigner": foreign, "no signature": payload, "an empty signature": payload + ".", "a shorter signature": part[:len(part)-4],
		"another payload": long + "." + signature, "not base64": "!." + signature, "empty": "", "a dot": ".", "too long": strings.Repeat("a", maxPresigned+1),
	} {
		if p, ok := signer.open(forged, "PUT"); ok {
			t.Errorf("%s: accepted as %+v", name, p)
		}
	}
	if _, ok := signer.open(part, "GET"); ok {
		t.Error("an upload's address is valid for a download")
	}
	if _, ok := signer.open(part, "PUT"); !ok {
		t.Error("the unchanged address is refused")
	}
}

// uploadOf returns the address of an upload that declares this length.
func uploadOf(t *testing.T, h *server, key string, length int) (address string) {
	t.Helper()
	part, err := h.presigner.sign(presigned{Method: "PUT", Key: key, Length: length, Checksum: helloSum})
	if err != nil {
		t.Fatal(err)
	}
	return h.baseURL + part
}

func TestObjectsAreLimited(t *testing.T) {
	h := serve(t)
	long := strings.Repeat("a", maxType+1)
	for _, c := range []struct {
		name   string
		length int
		body   string
		header []string
		status int
	}{
		{"larger than an object may be", maxObject + 1, "hello", nil, http.StatusRequestEntityTooLarge},
		{"longer than declared", 5, "hello!", nil, http.StatusBadRequest},
		{"shorter than declared", 5, "hell", nil, http.StatusBadRequest},
		{"a negative length", -1, "", nil, http.StatusBadRequest},
		{"a long content-type", 5, "hello", []string{"Content-Type", long}, http.StatusBadRequest},
	} {
		if resp, text := ask(t, "PUT", uploadOf(t, h, "a", c.length), c.body, c.header...); resp.StatusCode != c.status {
			t.Errorf("%s: got %d %s", c.name, resp.StatusCode, text)
		}
	}
	// Without a Content-Length.
	for body, want := range map[string]int{"hello!": http.StatusBadRequest, "hell": http.StatusBadRequest, "hello": http.StatusOK} {
		r, err := http.NewRequestWithContext(t.Context(), "PUT", uploadOf(t, h, "b", 5), io.MultiReader(strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%q in chunks: got %d", body, resp.StatusCode)
		}
	}
	if h.Size() != 5 {
		t.Errorf("the store's size is %d bytes", h.Size())
	}
	for i := range maxStored - 1 {
		h.stored[strconv.Itoa(i)] = storedObject{}
	}
	if resp, text := ask(t, "PUT", uploadOf(t, h, "one more", 5), "hello"); resp.StatusCode != http.StatusInsufficientStorage || !strings.Contains(text, "10000 objects") {
		t.Errorf("too many objects: got %d %s", resp.StatusCode, text)
	}
	if resp, _ := ask(t, "PUT", uploadOf(t, h, "b", 5), "hello"); resp.StatusCode != http.StatusOK || h.Size() != 5 {
		t.Errorf("replacing an object: got %d, the size is %d bytes", resp.StatusCode, h.Size())
	}
}

// TestUnfinishedUploadsCount checks that unfinished uploads count, so that they cannot need more memory than the store.
func TestUnfinishedUploadsCount(t *testing.T) {
	h := serve(t)
	const fit = maxObjects / maxObject
	bodies := make([]*io.PipeWriter, fit)
	var done sync.WaitGroup
	for i := range bodies {
		var body *io.PipeReader
		body, bodies[i] = io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), "PUT", uploadOf(t, h, strconv.Itoa(i), maxObject), body)
		if err != nil {
			t.Fatal(err)
		}
		done.Go(func() {
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
		})
	}
	size := h.Size
	for deadline := time.Now().Add(20 * time.Second); size() < maxObjects; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("the store's size is %d bytes", size())
		}
	}
	if resp, text := ask(t, "PUT", uploadOf(t, h, "another", 5), "hello"); resp.StatusCode != http.StatusInsufficientStorage || !strings.Contains(text, "full") {
		t.Errorf("one more upload: got %d %s", resp.StatusCode, text)
	}
	for _, body := range bodies {
		body.Close()
	}
	done.Wait()
	if got := size(); got != 0 {
		t.Errorf("%d bytes are counted for failed uploads", got)
	}
}

// BenchmarkPresign shows that the cost of an address does not depend on the number of addresses.
func BenchmarkPresign(b *testing.B) {
	o := New()
	for b.Loop() {
		if _, err := o.presigner.sign(presigned{Method: "PUT", Key: "a", Length: 5, Checksum: helloSum}); err != nil {
			b.Fatal(err)
		}
	}
}
