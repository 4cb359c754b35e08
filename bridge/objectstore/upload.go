package objectstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/atob"
	"github.com/forgego/forgego/internal/formdata"
	"github.com/forgego/forgego/internal/nesting"
)

// Object is an object to upload: at most 1 GB, all of it in memory.
type Object struct {
	// Data is the content. It must not change during the call.
	Data []byte
	// Type is the content type, which the store keeps. The default is "application/octet-stream".
	Type string
}

// FromBase64 returns an object with the content of a base64 text, with or without padding, like a Base64Object of the
// official client. If contentType is empty, it is "application/octet-stream". If the text is not base64, it returns
// [bridge.ErrInvalidRequest].
func FromBase64(text, contentType string) (Object, error) {
	data, err := atob.Decode(text)
	if err != nil {
		return Object{}, payload.InvalidRequest("objectStore.upload", "the object's text is not base64")
	}
	if contentType == "" {
		contentType = octetStream
	}
	return Object{data, contentType}, nil
}

const octetStream = "application/octet-stream"

// UploadResult is the result for one object.
type UploadResult struct {
	// Key is the object's key in the store, chosen by the function.
	Key string
	// Status is the store's HTTP status, or 0 if it did not answer.
	Status int
	// Err is nil if the object was uploaded.
	Err error
}

// Upload uploads objects to the store concurrently. The results are in the order of the function's answer.
//
// The function functionKey gets {allObjectMetadata: [{length, checksum, checksumType}, …]}, where checksum is SHA-256
// in base64. It answers with an object that maps addresses, made by createUploadUrl of @forge/object-store, to {key,
// checksum, …}. It may leave objects out.
//
// The Err of a result says what went wrong with that object. Upload itself returns the errors of [bridge.Invoke] for
// the function's call, [bridge.ErrInvalidResponse] if the function answers anything else, and
// [bridge.ErrInvalidRequest].
//
// It is objectStore.upload of @forge/bridge:
// https://developer.atlassian.com/platform/forge/custom-ui-bridge/objectStore/
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

// Uploading is an upload in progress.
type Uploading struct {
	// Index is the object's position in the arguments. If several objects are equal, it is the last one's. It is -1
	// if the function named an object that is not in the arguments.
	Index int
	// Type is the object's content type, and Size its size in bytes.
	Type string
	Size int

	done   chan struct{}
	result UploadResult
}

// Done returns a channel that is closed when the upload has succeeded or failed.
func (u *Uploading) Done() <-chan struct{} { return u.done }

// Wait waits until the upload has succeeded or failed. It fails when the context of StartUploads ends.
func (u *Uploading) Wait() UploadResult {
	<-u.done
	return u.result
}

// StartUploads starts the uploads of [Upload] and returns one Uploading per object, so that the app can show the
// progress of each. Its errors are those of Upload.
//
// It is createUploadPromises of @forge/bridge:
// https://developer.atlassian.com/platform/forge/custom-ui-bridge/objectStore/
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
	answer, err := bridge.Invoke[json.RawMessage](ctx, functionKey, map[string]any{"allObjectMetadata": all})
	if err != nil {
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
			u.result.Err = payload.Invalid(opUpload, "the function named an unknown object, with the checksum "+place.Checksum)
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

// place is where an object is uploaded to.
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
		data = []byte{} // an empty object, not a missing one
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
