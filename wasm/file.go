package wasm

import (
	"context"
	"io"
	"strconv"

	"github.com/forgego/forgego/internal/usercode"
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

// Files returns the files of an <input type="file">, of a drop or paste event, of a FileList, a File or a Blob. source is
// a value as for [Listen]. The files of a drop or paste must be taken before the handler first waits. If there are none,
// and outside a page, Files returns nil.
func Files(source any) []File { return files(source) }

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

// UserMessage returns the text for bridge.Message.
func (e *FileError) UserMessage() string {
	if large, ok := e.Err.(*tooLarge); ok {
		size, limit := readable(large.size), readable(large.max)
		if size == limit {
			size, limit = exact(large.size), exact(large.max)
		}
		return "“" + e.Name + "” is too large: it has " + size + ", and the limit is " + limit + "."
	}
	if _, ok := e.Err.(*Rejection); ok || e.Err == io.ErrUnexpectedEOF {
		return "“" + e.Name + "” could not be read. Choose it again."
	}
	return "“" + e.Name + "”: " + usercode.Message(e.Err)
}

// readable returns a number of bytes in a unit that people read.
func readable(bytes int64) string {
	for _, unit := range [...]struct {
		size int64
		name string
	}{{1 << 30, " GB"}, {1 << 20, " MB"}, {1 << 10, " KB"}} {
		if bytes >= unit.size {
			tenths := (bytes*10 + unit.size/2) / unit.size
			text := strconv.FormatInt(tenths/10, 10)
			if tenths%10 > 0 && tenths < 100 {
				text += "." + strconv.FormatInt(tenths%10, 10)
			}
			return text + unit.name
		}
	}
	return exact(bytes)
}

// exact returns a number of bytes as it is.
func exact(n int64) string { return strconv.FormatInt(n, 10) + " bytes" }

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// tooLarge is an ErrFileTooLarge with the sizes.
type tooLarge struct{ size, max int64 }

func (e *tooLarge) Error() string {
	return ErrFileTooLarge.Error() + ": it has " + exact(e.size) + ", and the limit is " + strconv.FormatInt(e.max, 10)
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

// URL returns an address of the content for this page, such as for an image or a link, until stop is called. It needs no
// memory in the program. Outside a page it returns [ErrNoPage].
func (f File) URL() (url string, stop func(), err error) { return f.url() }

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
