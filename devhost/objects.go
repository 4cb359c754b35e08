package devhost

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// objects stand in for the Forge Object Store: those of one run, in memory. What the app's function and its presigned
// URLs do on the platform, they do themselves. The URLs are on the app's own origin, which its policy allows.
// Source: storage-reference/object-store-api.
type objects struct {
	origin string

	mu     sync.Mutex
	stored map[string]storedObject
	size   int
	// urls are the presigned URLs by what they end with.
	urls map[string]presigned
}

// storedObject is a stored object.
type storedObject struct {
	data        []byte
	contentType string
	checksum    string
	created     time.Time
}

// presigned is what a presigned URL is for.
type presigned struct {
	method, key string
	// length and checksum, of an upload, are those that were declared.
	length   int
	checksum string
	expires  time.Time
}

const (
	objectPath = "/" + bridgeKey + "/object/"
	// A presigned URL is valid for an hour.
	presignedTime = time.Hour
	// The platform takes objects of 1 GB; these are in memory.
	maxObject, maxObjects = 64 << 20, 256 << 20
)

func newObjects(origin string) *objects {
	return &objects{origin: origin, stored: map[string]storedObject{}, urls: map[string]presigned{}}
}

// serve does what a function of the app does with its store: with the payload that the official client sends.
func (o *objects) serve(role string, payload json.RawMessage) (result []byte, err error) {
	var in struct {
		All []struct {
			Length   int    `json:"length"`
			Checksum string `json:"checksum"`
			Type     string `json:"checksumType"`
		} `json:"allObjectMetadata"`
		Keys []string `json:"keys"`
		Key  string   `json:"key"`
	}
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, &apiError{Code: "INVALID_REQUEST", Message: "The local object store was called with something else than objectStore's methods send."}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch role {
	case "upload":
		// In the order of the objects, which a map has not.
		out := []byte{'{'}
		for i, object := range in.All {
			key := rand.Text()
			url := o.presign(presigned{method: http.MethodPut, key: key, length: object.Length, checksum: object.Checksum})
			metadata, err := json.Marshal(map[string]any{"key": key, "length": object.Length, "checksum": object.Checksum, "checksumType": object.Type})
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(strconv.AppendQuote(out, url), ':'), metadata...)
		}
		return append(out, '}'), nil
	case "download":
		out := map[string]string{}
		for _, key := range in.Keys {
			if _, ok := o.stored[key]; ok {
				out[o.presign(presigned{method: http.MethodGet, key: key})] = key
			}
		}
		return json.Marshal(out)
	case "metadata":
		stored, ok := o.stored[in.Key]
		if !ok {
			return json.Marshal(map[string]string{"key": in.Key, "error": "there is no object with this key"})
		}
		return json.Marshal(map[string]any{"key": in.Key, "checksum": stored.checksum, "size": len(stored.data), "createdAt": stored.created.Format(time.RFC3339)})
	}
	o.remove(in.Key)
	return nil, nil
}

// presign is called with o.mu held, as remove is.
func (o *objects) presign(p presigned) string {
	now := time.Now()
	for id, old := range o.urls {
		if now.After(old.expires) {
			delete(o.urls, id)
		}
	}
	id := rand.Text()
	p.expires = now.Add(presignedTime)
	o.urls[id] = p
	return o.origin + objectPath + id
}

func (o *objects) remove(key string) {
	o.size -= len(o.stored[key].data)
	delete(o.stored, key)
}

// routes are the presigned URLs.
func (o *objects) routes(mux *http.ServeMux) {
	mux.HandleFunc("PUT "+objectPath+"{id}", o.put)
	mux.HandleFunc("GET "+objectPath+"{id}", o.get)
}

// of gives what a request's URL is for.
func (o *objects) of(r *http.Request) (presigned, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	p, ok := o.urls[r.PathValue("id")]
	return p, ok && p.method == r.Method && time.Now().Before(p.expires)
}

func (o *objects) put(w http.ResponseWriter, r *http.Request) {
	p, ok := o.of(r)
	if !ok {
		noObjectURL(w)
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxObject))
	if err != nil {
		http.Error(w, "The local object store takes objects of at most 64 MB; the platform's takes 1 GB.", http.StatusRequestEntityTooLarge)
		return
	}
	sum := sha256.Sum256(data)
	checksum := base64.StdEncoding.EncodeToString(sum[:])
	if len(data) != p.length || checksum != p.checksum {
		http.Error(w, fmt.Sprintf("The object has %d bytes and the checksum %s; %d bytes and %s were declared.", len(data), checksum, p.length, p.checksum), http.StatusBadRequest)
		return
	}
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.size-len(o.stored[p.key].data)+len(data) > maxObjects {
		http.Error(w, "The local object store is full (256 MB). Delete objects, or start the local host again.", http.StatusInsufficientStorage)
		return
	}
	created := time.Now()
	if old, ok := o.stored[p.key]; ok {
		created = old.created
	}
	o.remove(p.key)
	o.size += len(data)
	o.stored[p.key] = storedObject{data, contentType, checksum, created}
}

func (o *objects) get(w http.ResponseWriter, r *http.Request) {
	p, ok := o.of(r)
	o.mu.Lock()
	stored, found := o.stored[p.key]
	o.mu.Unlock()
	if !ok || !found {
		noObjectURL(w)
		return
	}
	header := w.Header()
	header.Set("Content-Type", stored.contentType)
	header.Set("Cache-Control", "no-store")
	// What an app stores is no page of the app's origin.
	header.Set("Content-Disposition", "attachment")
	header.Set("Content-Security-Policy", "sandbox")
	_, _ = w.Write(stored.data)
}

func noObjectURL(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "This address of an object is not valid, or not any more.", http.StatusForbidden)
}
