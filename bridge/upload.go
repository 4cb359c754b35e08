package bridge

import (
	"context"

	"github.com/forgego/forgego/wasm"
)

// Upload sends a file by POST, as a [FormData] with the one field "file", and ignores the body of the answer. Its Content-Type
// is the file's.
//
//	wasm.ListenFiles(ctx, input, func(ctx context.Context, files []wasm.File) error {
//		return bridge.Upload(ctx, "notes-api", "/pictures", files[0], 5<<20)
//	})
//
// If the file has more than max bytes, Upload returns [wasm.ErrFileTooLarge]; it reads and sends nothing. If the browser
// cannot read the file, it returns a [*wasm.FileError]. Other errors are those of [Do]. For more fields, or for the answer,
// use [wasm.File.Bytes], FormData and [Post]. The way must carry forms: [InvokeRemote] does not.
func Upload[To Target](ctx context.Context, to To, path string, file wasm.File, max int64) error {
	content, err := file.Bytes(ctx, max)
	if err != nil {
		return err
	}
	var form FormData
	form.File("file", file.Name, file.Type, content)
	return sendOnly(ctx, to, Request{Method: "POST", Path: path, Body: &form})
}
