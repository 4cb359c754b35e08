package bundle

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"

	"github.com/andybalholm/brotli"
)

// compressed holds the program's two compressed forms. A nil form is not written.
type compressed struct{ gzip, brotli []byte }

// compressed compresses the program with gzip and with brotli, at the same time. It makes the forms that o asks for, and
// Gzipped also if the page loads it or the folder has it. It keeps a form that already matches the program, unless o.Gzip
// asks for the best level.
func (w *writer) compressed(ctx context.Context, program []byte, o Options) (c compressed, err error) {
	gzipLevel, brotliLevel := gzip.BestSpeed, brotli.BestCompression
	if o.Gzip {
		gzipLevel = gzip.BestCompression
	}
	if o.fast {
		gzipLevel, brotliLevel = gzip.BestSpeed, brotli.BestSpeed
	}
	zipped := make(chan []byte, 1)
	go func() {
		defer close(zipped)
		switch old := w.read(Gzipped); {
		case o.Gzip:
			zipped <- gzipped(program, gzipLevel)
		case isGzipOf(old, program):
			zipped <- old
		case w.has(Gzipped) || LoadsGzip(w.dir):
			zipped <- gzipped(program, gzipLevel)
		}
	}()
	old := w.read(Brotli)
	switch {
	case isBrotliOf(old, program):
		c.brotli = old
	case o.Brotli:
		c.brotli, err = compressBrotli(ctx, program, brotliLevel)
	}
	if err != nil {
		return c, err
	}
	c.gzip = <-zipped
	return c, nil
}

func gzipped(program []byte, level int) []byte {
	var b bytes.Buffer
	// Neither call can fail: the level is valid, and writing to the buffer always succeeds.
	z, _ := gzip.NewWriterLevel(&b, level)
	_, _ = z.Write(program)
	_ = z.Close()
	return b.Bytes()
}

// newBrotli returns the compressor; tests replace it.
var newBrotli = func(to io.Writer, level int) io.WriteCloser { return brotli.NewWriterLevel(to, level) }

// compressBrotli takes about 40 times as long as gzipped, each at its best level (BenchmarkCompress). It only fails when the
// context ends, and then returns at once: Close, which does most of the work, continues in the background and its result
// is ignored.
func compressBrotli(ctx context.Context, program []byte, level int) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	done := make(chan []byte, 1)
	go func() {
		var b bytes.Buffer
		w := newBrotli(&b, level)
		// Write in pieces, to stop soon when the context ends.
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

// isGzipOf reports whether data is the program, compressed with gzip.
func isGzipOf(data, program []byte) bool {
	z, err := gzip.NewReader(bytes.NewReader(data))
	return err == nil && decompressesTo(z, program)
}

// isBrotliOf reports whether data is the program, compressed with brotli.
func isBrotliOf(data, program []byte) bool {
	return decompressesTo(brotli.NewReader(bytes.NewReader(data)), program)
}

// decompressesTo reports whether r contains exactly the program.
func decompressesTo(r io.Reader, program []byte) bool {
	// Read one byte more than the program has, to detect longer data.
	got, err := io.ReadAll(io.LimitReader(r, int64(len(program))+1))
	return err == nil && bytes.Equal(got, program)
}
