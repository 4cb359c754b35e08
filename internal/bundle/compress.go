package bundle

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"

	"github.com/andybalholm/brotli"
)

// compressed are the program's two compressed forms; nil is one that is not to be there.
type compressed struct{ gzip, brotli []byte }

// compressed makes both forms with o.Compress. Without, it makes those that the folder has already, but never by a long
// wait. A form that is right already is kept.
func (w *writer) compressed(ctx context.Context, program []byte, o Options) (c compressed, err error) {
	zipped := make(chan []byte, 1)
	go func() {
		defer close(zipped)
		old := w.read(Gzipped)
		switch {
		case isGzipOf(old, program):
			zipped <- old
		case o.Compress || w.has(Gzipped):
			zipped <- gzipped(program)
		}
	}()
	old := w.read(Brotli)
	switch {
	case isBrotliOf(old, program):
		c.brotli = old
	case o.Compress:
		c.brotli, err = brotlied(ctx, program, o.brotli)
	}
	if err != nil {
		return c, err
	}
	c.gzip = <-zipped
	return c, nil
}

func gzipped(program []byte) []byte {
	var b bytes.Buffer
	// Neither call can fail: the level is valid and the buffer takes everything.
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = z.Write(program)
	_ = z.Close()
	return b.Bytes()
}

// newBrotli makes the compressor; tests replace it.
var newBrotli = func(to io.Writer, level int) io.WriteCloser { return brotli.NewWriterLevel(to, level) }

// brotlied takes some 4 seconds for each megabyte at the best level, ten times as long as gzipped. It fails with the
// context only, and at once: the compressor, which works on all of a program at its end, then goes on for nothing.
func brotlied(ctx context.Context, program []byte, level int) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	done := make(chan []byte, 1)
	go func() {
		var b bytes.Buffer
		w := newBrotli(&b, level)
		// In pieces, so that not all of the program is compressed for nothing.
		for rest := program; len(rest) > 0 && ctx.Err() == nil; {
			n, _ := w.Write(rest[:min(len(rest), 64<<10)])
			rest = rest[n:]
		}
		if ctx.Err() == nil {
			_ = w.Close()
			done <- b.Bytes()
		}
	}()
	select {
	case compressed := <-done:
		return compressed, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// isGzipOf says whether data is the program, compressed.
func isGzipOf(data, program []byte) bool {
	z, err := gzip.NewReader(bytes.NewReader(data))
	return err == nil && gives(z, program)
}

// isBrotliOf says whether data is the program, compressed.
func isBrotliOf(data, program []byte) bool {
	return gives(brotli.NewReader(bytes.NewReader(data)), program)
}

func gives(r io.Reader, program []byte) bool {
	// One byte more than the program, in case more comes.
	got, err := io.ReadAll(io.LimitReader(r, int64(len(program))+1))
	return err == nil && bytes.Equal(got, program)
}
