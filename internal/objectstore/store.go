// Package objectstore imitates the Forge Object Store in memory.
package objectstore

import (
	"cmp"
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

	"github.com/forgego/forgego/internal/platform"
)

// Store holds objects until the program ends, for the local host and for the host in memory. It does the work of the app's
// functions and of the presigned addresses. It is safe for concurrent use.
//
// Source: https://developer.atlassian.com/platform/forge/storage-reference/object-store-api/
type Store struct {
	presigner presigner

	mu     sync.Mutex
	stored map[string]storedObject
	// size counts the bytes of the stored objects and of the uploads in progress.
	size int
}

type storedObject struct {
	data        []byte
	contentType string
	checksum    string
	created     time.Time
}

const (
	// The platform accepts objects of 1 GB. These are in memory. Both are in bytes.
	maxObject, maxObjects = 64 << 20, 256 << 20
	// maxStored is the largest number of objects, and maxOfCall the largest number of objects in a call.
	maxStored, maxOfCall = 10_000, 10_000
	// maxStoreCall is the largest size of a call's payload, in bytes. It is far above the size of maxOfCall objects.
	maxStoreCall = 2 << 20
	// maxChecksum and maxType are the largest sizes of a checksum and of a content type, in bytes.
	maxChecksum, maxType = 128, 256
)

// New returns an empty store.
func New() *Store {
	return &Store{presigner: newPresigner(), stored: map[string]storedObject{}}
}

// storeCall is the payload that the official client sends to a function for the store.
type storeCall struct {
	All []struct {
		Length   int    `json:"length"`
		Checksum string `json:"checksum"`
		Type     string `json:"checksumType"`
	} `json:"allObjectMetadata"`
	Keys []string `json:"keys"`
	Key  string   `json:"key"`
}

func readStoreCall(payload json.RawMessage) (in storeCall, err error) {
	refuse := func(text string) (storeCall, error) {
		return storeCall{}, &platform.Error{Code: "INVALID_REQUEST", Message: text}
	}
	// Check the size first: the decoded call needs many times as much memory.
	if len(payload) > maxStoreCall {
		return refuse("The call of the local object store is larger than 2 MB. Call it with fewer objects.")
	}
	if err := json.Unmarshal(payload, &in); err != nil {
		return refuse("The payload is not what the methods of objectStore send to the local object store.")
	}
	if n := max(len(in.All), len(in.Keys)); n > maxOfCall {
		return refuse(fmt.Sprintf("The call of the local object store has %d objects. The limit is %d; call it with fewer.", n, maxOfCall))
	}
	for _, object := range in.All {
		if len(object.Checksum) > maxChecksum || len(object.Type) > maxChecksum {
			return refuse("A checksum in the call of the local object store is too long. Send a SHA-256 as base64, as the methods of objectStore do.")
		}
	}
	return in, nil
}

// Call does the work of a function of the app on a site. A site has only its own objects. The role is "upload", "download",
// "metadata" or "delete". The payload is the one that the official client sends. Presigned addresses are baseURL followed by
// one path segment. They must be on the origin of the page that calls, the only one that the app's policy allows.
func (s *Store) Call(site int, role string, payload json.RawMessage, baseURL string) (result []byte, err error) {
	in, err := readStoreCall(payload)
	if err != nil {
		return nil, err
	}
	switch role {
	case "upload":
		return s.uploads(site, in, baseURL)
	case "download":
		return s.downloads(site, in, baseURL)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if role == "metadata" {
		stored, ok := s.stored[siteKey(site, in.Key)]
		if !ok {
			return json.Marshal(map[string]string{"key": in.Key, "error": "there is no object with this key"})
		}
		return json.Marshal(map[string]any{"key": in.Key, "checksum": stored.checksum, "size": len(stored.data), "createdAt": stored.created.Format(time.RFC3339)})
	}
	s.remove(siteKey(site, in.Key))
	return nil, nil
}

// siteKey returns the key by which the store knows an object of a site.
func siteKey(site int, key string) string { return strconv.Itoa(site) + "/" + key }

// uploads returns an address and a new key for each object. It writes JSON itself because a map does not keep the order
// of the objects.
func (s *Store) uploads(site int, in storeCall, baseURL string) ([]byte, error) {
	out := []byte{'{'}
	for i, object := range in.All {
		key := rand.Text()
		part, err := s.presigner.sign(presigned{Method: http.MethodPut, Key: siteKey(site, key), Length: object.Length, Checksum: object.Checksum})
		if err != nil {
			return nil, err
		}
		metadata, err := json.Marshal(map[string]any{"key": key, "length": object.Length, "checksum": object.Checksum, "checksumType": object.Type})
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(strconv.AppendQuote(out, baseURL+part), ':'), metadata...)
	}
	return append(out, '}'), nil
}

// downloads returns an address for each key that has an object.
func (s *Store) downloads(site int, in storeCall, baseURL string) ([]byte, error) {
	out := map[string]string{}
	for _, key := range in.Keys {
		if _, ok := s.get(siteKey(site, key)); !ok {
			continue
		}
		part, err := s.presigner.sign(presigned{Method: http.MethodGet, Key: siteKey(site, key)})
		if err != nil {
			return nil, err
		}
		out[baseURL+part] = key
	}
	return json.Marshal(out)
}

func (s *Store) get(key string) (storedObject, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, ok := s.stored[key]
	return stored, ok
}

// Size returns the size of all objects, including uploads in progress, in bytes.
func (s *Store) Size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size
}

// remove removes an object. The caller holds s.mu.
func (s *Store) remove(key string) {
	s.size -= len(s.stored[key].data)
	delete(s.stored, key)
}

// reserve reserves size bytes for an upload before it is read. It reports whether there is room.
func (s *Store) reserve(size int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.size+size > maxObjects {
		return false
	}
	s.size += size
	return true
}

func (s *Store) release(size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size -= size
}

// store stores an object that has a reservation. It returns false if there are too many objects.
func (s *Store) store(key string, object storedObject) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.stored[key]
	if !ok && len(s.stored) >= maxStored {
		return false
	}
	if ok {
		object.created = old.created
	}
	s.remove(key)
	s.stored[key] = object
	return true
}

// ServePut serves an upload. The last part of its presigned address is the request's path value "part".
func (s *Store) ServePut(w http.ResponseWriter, r *http.Request) {
	p, ok := s.presigner.open(r.PathValue("part"), r.Method)
	if !ok {
		noObjectURL(w)
		return
	}
	contentType := cmp.Or(r.Header.Get("Content-Type"), "application/octet-stream")
	switch {
	case p.Length > maxObject:
		http.Error(w, "The local object store accepts objects of up to 64 MB; the platform's accepts 1 GB.", http.StatusRequestEntityTooLarge)
		return
	case p.Length < 0, r.ContentLength >= 0 && r.ContentLength != int64(p.Length):
		http.Error(w, fmt.Sprintf("The object has %d bytes; %d bytes were declared.", r.ContentLength, p.Length), http.StatusBadRequest)
		return
	case len(contentType) > maxType:
		http.Error(w, "The object's content-type is longer than the local object store accepts (256 bytes).", http.StatusBadRequest)
		return
	case !s.reserve(p.Length):
		fullStore(w, "256 MB")
		return
	}
	kept := false
	defer func() {
		if !kept {
			s.release(p.Length)
		}
	}()
	data := make([]byte, p.Length)
	n, err := io.ReadFull(r.Body, data)
	if err == nil {
		// One byte more than declared is too much.
		more, _ := io.ReadFull(r.Body, make([]byte, 1))
		n += more
	}
	sum := sha256.Sum256(data[:min(n, len(data))])
	checksum := base64.StdEncoding.EncodeToString(sum[:])
	if n != p.Length || checksum != p.Checksum {
		http.Error(w, fmt.Sprintf("The object has %d bytes and the checksum %s; %d bytes and %s were declared.", n, checksum, p.Length, p.Checksum), http.StatusBadRequest)
		return
	}
	if kept = s.store(p.Key, storedObject{data, contentType, checksum, time.Now()}); !kept {
		fullStore(w, fmt.Sprintf("%d objects", maxStored))
	}
}

func fullStore(w http.ResponseWriter, of string) {
	http.Error(w, "The local object store is full ("+of+"). Delete objects, or start the local host again.", http.StatusInsufficientStorage)
}

// ServeGet serves a download. The last part of its presigned address is the request's path value "part".
func (s *Store) ServeGet(w http.ResponseWriter, r *http.Request) {
	p, ok := s.presigner.open(r.PathValue("part"), r.Method)
	stored, found := s.get(p.Key)
	if !ok || !found {
		noObjectURL(w)
		return
	}
	header := w.Header()
	header.Set("Content-Type", stored.contentType)
	header.Set("Cache-Control", "no-store")
	// A stored object must not become a page of the app's origin.
	header.Set("Content-Disposition", "attachment")
	header.Set("Content-Security-Policy", "sandbox")
	_, _ = w.Write(stored.data)
}

func noObjectURL(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "This address of an object is not valid, or has expired.", http.StatusForbidden)
}
