package objectstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/formdata"
)

// Object is what is put into the store: at most 1 GB, all of it in memory.
type Object struct {
	// Data is the content. It must not change while the call runs.
	Data []byte
	// Type is the content type, which the store keeps; empty is sent as "application/octet-stream".
	Type string
}

// FromBase64 gives the object whose content a base64 text stands for, with or without its padding, as a Base64Object of
// the official client does. An empty contentType is "application/octet-stream". Another text gives
// [bridge.ErrInvalidRequest].
func FromBase64(text, contentType string) (Object, error) {
	data, err := decodeBase64(text)
	if err != nil {
		return Object{}, payload.InvalidRequest("objectStore.upload", "the object's text is not base64")
	}
	if contentType == "" {
		contentType = octetStream
	}
	return Object{data, contentType}, nil
}

const octetStream = "application/octet-stream"

// decodeBase64 is atob: white space does not count, and padding may be missing but not be wrong.
func decodeBase64(text string) ([]byte, error) {
	kept := make([]byte, 0, len(text))
	for i := range len(text) {
		switch text[i] {
		case ' ', '\t', '\n', '\f', '\r':
		default:
			kept = append(kept, text[i])
		}
	}
	if len(kept)%4 == 0 {
		for range 2 {
			if n := len(kept); n > 0 && kept[n-1] == '=' {
				kept = kept[:n-1]
			}
		}
	}
	return base64.RawStdEncoding.DecodeString(string(kept))
}

// UploadResult is what became of one object.
type UploadResult struct {
	// Key is the object's key in the store, which the function chose.
	Key string
	// Status is the store's HTTP status; 0 if it did not answer.
	Status int
	// Err is nil if the object is in the store.
	Err error
}

// Upload puts objects into the store, all at once, and gives what became of each, in the order of the function's answer.
//
// The function with functionKey gets {allObjectMetadata: [{length, checksum, checksumType}, …]}, whose checksum is
// SHA-256 in base64, and answers with an object of addresses, made by createUploadUrl of @forge/object-store, each with
// {key, checksum, …}. It may leave objects out.
//
// Err of a result is what went wrong with that object. Upload itself fails with what the function's call does, as
// [bridge.Invoke], with [bridge.ErrInvalidResponse] if it answers anything else, and with [bridge.ErrInvalidRequest].
//
// It is objectStore.upload of @forge/bridge: custom-ui-bridge/objectStore.
func Upload(ctx context.Context, functionKey string, objects ...Object) ([]UploadResult, error) {
	track(ctx, opUpload, "upload")
	uploads, err := StartUploads(ctx, functionKey, objects...)
	if err != nil {
		return nil, err
	}
	results := make([]UploadResult, len(uploads))
	for i, u := range uploads {
		results[i] = u.Wait()
	}
	return results, nil
}

const opUpload = "objectStore.upload"

// Uploading is an object on its way into the store.
type Uploading struct {
	// Index is the object's place among those given; of equal ones, the last's. -1 is an object that was not given, but
	// that the function named.
	Index int
	// Type and Size, in bytes, are the object's.
	Type string
	Size int

	done   chan struct{}
	result UploadResult
}

// Done is closed when the object has arrived or failed.
func (u *Uploading) Done() <-chan struct{} { return u.done }

// Wait waits until the object has arrived or failed, which it does when the context of StartUploads ends.
func (u *Uploading) Wait() UploadResult {
	<-u.done
	return u.result
}

// StartUploads begins what [Upload] does and gives each object on its way, so that the progress of each can be shown.
//
// It is createUploadPromises of @forge/bridge: custom-ui-bridge/objectStore.
func StartUploads(ctx context.Context, functionKey string, objects ...Object) ([]*Uploading, error) {
	if err := check(opUpload, functionKey, len(objects), "objects to upload"); err != nil {
		return nil, err
	}
	type metadata struct {
		Length       int    `json:"length"`
		Checksum     string `json:"checksum"`
		ChecksumType string `json:"checksumType"`
	}
	all := make([]metadata, len(objects))
	indexes := map[string]int{}
	for i, object := range objects {
		sum := sha256.Sum256(object.Data)
		all[i] = metadata{len(object.Data), base64.StdEncoding.EncodeToString(sum[:]), "SHA256"}
		indexes[all[i].Checksum] = i
	}
	var answer json.RawMessage
	if err := bridge.FromContext(ctx).Invoke(ctx, functionKey, map[string]any{"allObjectMetadata": all}, &answer); err != nil {
		return nil, err
	}
	places, err := readPlaces(answer)
	if err != nil {
		return nil, err
	}
	uploads := make([]*Uploading, len(places))
	for i, place := range places {
		u := &Uploading{Index: -1, done: make(chan struct{}), result: UploadResult{Key: place.Key}}
		uploads[i] = u
		index, ok := indexes[place.Checksum]
		if !ok {
			u.result.Err = payload.Invalid(opUpload, "the function named an object that was not given, with the checksum "+place.Checksum)
			close(u.done)
			continue
		}
		object := objects[index]
		object.Type = formdata.BlobType(object.Type)
		u.Index, u.Type, u.Size = index, object.Type, len(object.Data)
		go attempt(opUpload, func() { u.result.Status, u.result.Err = put(ctx, place.address, object) }, func(err error) {
			if err != nil {
				u.result.Err = err
			}
			close(u.done)
		})
	}
	return uploads, nil
}

// place is where an object goes.
type place struct {
	address  string
	Key      string `json:"key"`
	Checksum string `json:"checksum"`
}

func readPlaces(answer json.RawMessage) ([]place, error) {
	members, err := readMembers(answer)
	if err != nil {
		return nil, payload.Invalid(opUpload, "the function must answer with an object of addresses, each with {key, checksum}")
	}
	places := make([]place, len(members))
	for i, m := range members {
		if err := nesting.UnmarshalShallow(m.value, &places[i]); err != nil || string(m.value) == "null" {
			return nil, payload.Invalid(opUpload, "the function must answer with {key, checksum} for each address")
		}
		places[i].address = m.name
	}
	return places, nil
}

func put(ctx context.Context, address string, object Object) (status int, err error) {
	contentType := object.Type
	if contentType == "" {
		contentType = octetStream
	}
	data := object.Data
	if data == nil {
		data = []byte{} // an empty object, and not none
	}
	response, err := send(ctx, opUpload, bridge.FetchRequest{
		Method: "PUT",
		URL:    address,
		Header: bridge.Header{"Content-Type": {contentType}},
		Body:   data,
	})
	if err != nil {
		return 0, err
	}
	_ = response.Body.Close()
	return response.Status, refused(opUpload, response.Status)
}
