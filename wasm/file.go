package wasm

import (
	"context"
	"io"
	"strconv"
)

// File is a file that the user has picked, dropped or pasted, or that [NewFile] has made. Its content is not in the
// program's memory until it is read.
type File struct {
	// Name is the file's name, without a folder.
	Name string
	// Type is the media type, which the browser derives from the name. It is empty if the browser does not know it.
	Type string
	// Size is the number of bytes.
	Size int64

	content content
}

// NewFile returns a file with this content, for [File.URL] and for tests. The content is copied in a page; elsewhere it
// must not change.
func NewFile(name, contentType string, data []byte) File { return newFile(name, contentType, data) }

// ErrFileTooLarge means that a file is larger than the caller allows.
var ErrFileTooLarge error = sentinel("the file is too large")

// FileError is a file that could not be read.
type FileError struct {
	// Name is the file's name.
	Name string
	// Err is the cause: [ErrFileTooLarge] with the sizes, why the context ended, or a [*Rejection] if the browser
	// cannot read the file, for example because it has changed or is gone.
	Err error
}

func (e *FileError) Error() string { return "wasm: \"" + e.Name + "\": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// tooLarge is an ErrFileTooLarge with the sizes.
type tooLarge struct{ size, max int64 }

func (e *tooLarge) Error() string {
	return ErrFileTooLarge.Error() + ": it has " + strconv.FormatInt(e.size, 10) + " bytes, and the limit is " + strconv.FormatInt(e.max, 10)
}

func (e *tooLarge) Unwrap() error { return ErrFileTooLarge }

// Bytes returns the content, if it has at most max bytes. Otherwise it reads nothing and returns [ErrFileTooLarge]. Each
// error is a [*FileError].
func (f File) Bytes(ctx context.Context, max int64) ([]byte, error) {
	if f.Size > max {
		return nil, &FileError{f.Name, &tooLarge{f.Size, max}}
	}
	data := make([]byte, f.Size)
	if _, err := io.ReadFull(f.Reader(ctx), data); err != nil {
		return nil, err
	}
	return data, nil
}

// chunk is how much of a file is read at once, in bytes.
const chunk = 256 << 10

// Reader returns a reader of the content, for files that are too large for the program's memory. It needs memory for
// 256 KiB. It need not be closed, and nothing can be read after ctx has ended. Each error is a [*FileError].
func (f File) Reader(ctx context.Context) io.Reader { return &fileReader{ctx: ctx, file: f} }

// fileReader reads a file piece by piece.
type fileReader struct {
	ctx    context.Context
	file   File
	offset int64 // of the next piece
	piece  []byte
}

func (r *fileReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(r.piece) == 0 {
		if r.offset == r.file.Size {
			return 0, io.EOF
		}
		end := min(r.offset+chunk, r.file.Size)
		piece, err := r.file.read(r.ctx, r.offset, end)
		if err != nil {
			return 0, &FileError{r.file.Name, err}
		}
		if int64(len(piece)) != end-r.offset {
			return 0, &FileError{r.file.Name, io.ErrUnexpectedEOF}
		}
		r.offset, r.piece = end, piece
	}
	n := copy(p, r.piece)
	r.piece = r.piece[n:]
	return n, nil
}
