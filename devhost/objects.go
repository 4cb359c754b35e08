package devhost

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

	"github.com/forgego/forgego/devhost/internal/apierror"
)

// objects stand in for the Forge Object Store: those of one run, in memory. What the app's function and its presigned
// addresses do on the platform, they do themselves. The addresses are on the app's own origin, which its policy allows.
// Source: storage-reference/object-store-api.
type objects struct {
	origin    string
	presigner presigner

	mu     sync.Mutex
	stored map[string]storedObject
	// size counts the bytes of what is stored and of what is on its way.
	size int
}

// storedObject is a stored object.
type storedObject struct {
	data        []byte
	contentType string
	checksum    string
	created     time.Time
}

const (
	objectPath = "/" + bridgeKey + "/object/"
	// The platform takes objects of 1 GB; these are in memory.
	maxObject, maxObjects = 64 << 20, 256 << 20
	// maxStored is how many objects there may be, and maxOfCall how many a call may be about.
	maxStored, maxOfCall = 10_000, 10_000
	// maxStoreCall is far above the payload of maxOfCall objects, in bytes.
	maxStoreCall = 2 << 20
	// maxChecksum and maxType bound what is kept of each, in bytes.
	maxChecksum, maxType = 128, 256
)

func newObjects(origin string) *objects {
	return &objects{origin: origin, presigner: newPresigner(), stored: map[string]storedObject{}}
}

// storeCall is the payload with which the official client calls a function that stands before the store.
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
		return storeCall{}, &apierror.Error{Code: "INVALID_REQUEST", Message: text}
	}
	// The size first: what is decoded takes many times as much.
	if len(payload) > maxStoreCall {
		return refuse("The call of the local object store is larger than it takes (2 MB). Call it with fewer objects.")
	}
	if err := json.Unmarshal(payload, &in); err != nil {
		return refuse("The local object store was called with something else than objectStore's methods send.")
	}
	if n := max(len(in.All), len(in.Keys)); n > maxOfCall {
		return refuse(fmt.Sprintf("The call of the local object store is about %d objects. It takes %d at once; call it with fewer.", n, maxOfCall))
	}
	for _, object := range in.All {
		if len(object.Checksum) > maxChecksum || len(object.Type) > maxChecksum {
			return refuse("A checksum in the call of the local object store is too long. Send the base64 of a SHA-256, as objectStore's methods do.")
		}
	}
	return in, nil
}

// serve does what a function of the app does with its store: with the payload that the official client sends.
func (o *objects) serve(role string, payload json.RawMessage) (result []byte, err error) {
	in, err := readStoreCall(payload)
	if err != nil {
		return nil, err
	}
	switch role {
	case "upload":
		return o.uploads(in)
	case "download":
		return o.downloads(in)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if role == "metadata" {
		stored, ok := o.stored[in.Key]
		if !ok {
			return json.Marshal(map[string]string{"key": in.Key, "error": "there is no object with this key"})
		}
		return json.Marshal(map[string]any{"key": in.Key, "checksum": stored.checksum, "size": len(stored.data), "createdAt": stored.created.Format(time.RFC3339)})
	}
	o.remove(in.Key)
	return nil, nil
}

// uploads returns an address and a new key for each object, in the order of the objects, which a map has not.
func (o *objects) uploads(in storeCall) ([]byte, error) {
	out := []byte{'{'}
	for i, object := range in.All {
		key := rand.Text()
		address, err := o.presign(presigned{Method: http.MethodPut, Key: key, Length: object.Length, Checksum: object.Checksum})
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
		out = append(append(strconv.AppendQuote(out, address), ':'), metadata...)
	}
	return append(out, '}'), nil
}

// downloads returns an address for each key that there is an object for.
func (o *objects) downloads(in storeCall) ([]byte, error) {
	out := map[string]string{}
	for _, key := range in.Keys {
		if _, ok := o.get(key); !ok {
			continue
		}
		address, err := o.presign(presigned{Method: http.MethodGet, Key: key})
		if err != nil {
			return nil, err
		}
		out[address] = key
	}
	return json.Marshal(out)
}

func (o *objects) presign(p presigned) (string, error) {
	part, err := o.presigner.sign(p)
	return o.origin + objectPath + part, err
}

func (o *objects) get(key string) (storedObject, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	stored, ok := o.stored[key]
	return stored, ok
}

// remove is called with o.mu held.
func (o *objects) remove(key string) {
	o.size -= len(o.stored[key].data)
	delete(o.stored, key)
}

// reserve makes room for an upload before it is read; false if there is none.
func (o *objects) reserve(size int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.size+size > maxObjects {
		return false
	}
	o.size += size
	return true
}

func (o *objects) release(size int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.size -= size
}

// store keeps an object whose room is reserved; false if there are too many objects.
func (o *objects) store(key string, object storedObject) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	old, ok := o.stored[key]
	if !ok && len(o.stored) >= maxStored {
		return false
	}
	if ok {
		object.created = old.created
	}
	o.remove(key)
	o.stored[key] = object
	return true
}

// routes are the presigned addresses.
func (o *objects) routes(mux *http.ServeMux) {
	mux.HandleFunc("PUT "+objectPath+"{part}", o.servePut)
	mux.HandleFunc("GET "+objectPath+"{part}", o.serveGet)
}

func (o *objects) servePut(w http.ResponseWriter, r *http.Request) {
	p, ok := o.presigner.open(r.PathValue("part"), r.Method)
	if !ok {
		noObjectURL(w)
		return
	}
	contentType := cmp.Or(r.Header.Get("Content-Type"), "application/octet-stream")
	switch {
	case p.Length > maxObject:
		http.Error(w, "The local object store takes objects of at most 64 MB; the platform's takes 1 GB.", http.StatusRequestEntityTooLarge)
		return
	case p.Length < 0, r.ContentLength >= 0 && r.ContentLength != int64(p.Length):
		http.Error(w, fmt.Sprintf("The object has %d bytes; %d bytes were declared.", r.ContentLength, p.Length), http.StatusBadRequest)
		return
	case len(contentType) > maxType:
		http.Error(w, "The object's content-type is longer than the local object store takes (256 bytes).", http.StatusBadRequest)
		return
	case !o.reserve(p.Length):
		fullStore(w, "256 MB")
		return
	}
	kept := false
	defer func() {
		if !kept {
			o.release(p.Length)
		}
	}()
	data := make([]byte, p.Length)
	n, err := io.ReadFull(r.Body, data)
	if err == nil {
		// One byte more than was declared is too much.
		more, _ := io.ReadFull(r.Body, make([]byte, 1))
		n += more
	}
	sum := sha256.Sum256(data[:min(n, len(data))])
	checksum := base64.StdEncoding.EncodeToString(sum[:])
	if n != p.Length || checksum != p.Checksum {
		http.Error(w, fmt.Sprintf("The object has %d bytes and the checksum %s; %d bytes and %s were declared.", n, checksum, p.Length, p.Checksum), http.StatusBadRequest)
		return
	}
	if kept = o.store(p.Key, storedObject{data, contentType, checksum, time.Now()}); !kept {
		fullStore(w, fmt.Sprintf("%d objects", maxStored))
	}
}

func fullStore(w http.ResponseWriter, of string) {
	http.Error(w, "The local object store is full ("+of+"). Delete objects, or start the local host again.", http.StatusInsufficientStorage)
}

func (o *objects) serveGet(w http.ResponseWriter, r *http.Request) {
	p, ok := o.presigner.open(r.PathValue("part"), r.Method)
	stored, found := o.get(p.Key)
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
