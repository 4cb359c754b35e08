package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/appfile"
)

// tinyInputs are all that decides the bytes of a program which TinyGo compiles. Other folders and other times of files make
// no difference.
type tinyInputs struct {
	// Format changes when this type does, and when build makes another program of the same inputs.
	Format   int
	Flags    []string
	Compiler string
	Settings string
	Env      []string
	Packages []tinyInput
	// stamps are the sizes and times of all files, to see a change that was undone while the compiler ran.
	stamps []string
}

// tinyInput is a package. Of the standard library it has only the path: the version of Go is one of Settings.
type tinyInput struct {
	Path, GoVersion, GoDebug string
	// Files are the hashes of the files by name.
	Files map[string][sha256.Size]byte
}

// inputs returns the program's inputs, or nil if they are not known: for a program that does not compile, includes C code or
// replaces files by a flag, and for a compiler between two versions.
func (c *tinygo) inputs(ctx context.Context, packages []tinyPackage) *tinyInputs {
	version, err := c.command(ctx, ErrNoTinyGo, "tinygo", "version")
	if err != nil || strings.Contains(version, "-dev") {
		return nil
	}
	optimizer, err := c.command(ctx, ErrNoTinyGo, "tinygo", "env", "WASMOPT")
	if err != nil {
		return nil
	}
	settings, err := c.run(ctx, "env", "GOVERSION", "GOROOT", "GOFLAGS", "GOEXPERIMENT", "GODEBUG", "GOWASM")
	if err != nil || strings.HasPrefix(settings, "devel") || strings.Contains(settings, "-overlay") || strings.Contains(settings, "-toolexec") {
		return nil
	}
	in := &tinyInputs{Format: 1, Flags: c.flags, Compiler: version + c.target, Settings: settings}
	for _, v := range c.env {
		if strings.HasPrefix(v, "TINYGO") || strings.HasPrefix(v, "WASMOPT=") {
			in.Env = append(in.Env, v)
		}
	}
	// The program for the last step may be of another origin than TinyGo, and then has a version of its own.
	if info, err := os.Stat(strings.TrimSpace(optimizer)); err == nil {
		in.Compiler += stamp(optimizer, info)
	}
	for _, p := range packages {
		if p.Incomplete || len(p.CgoFiles) > 0 || !in.add(p) {
			return nil
		}
	}
	return in
}

// add adds a package. It reports whether all its files could be read.
func (in *tinyInputs) add(p tinyPackage) bool {
	input := tinyInput{Path: p.ImportPath, GoDebug: p.DefaultGODEBUG}
	if p.Standard {
		in.Packages = append(in.Packages, input)
		return true
	}
	if p.Module != nil {
		input.GoVersion = p.Module.GoVersion
		if info, err := os.Stat(p.Module.GoMod); err == nil {
			in.stamps = append(in.stamps, stamp(p.Module.GoMod, info))
		}
	}
	input.Files = map[string][sha256.Size]byte{}
	for _, name := range slices.Concat(p.GoFiles, p.CFiles, p.HFiles, p.SFiles, p.EmbedFiles) {
		sum, stamp, err := hashFile(filepath.Join(p.Dir, filepath.FromSlash(name)))
		if err != nil {
			return false
		}
		input.Files[name] = sum
		in.stamps = append(in.stamps, stamp)
	}
	in.Packages = append(in.Packages, input)
	return true
}

func hashFile(path string) (sum [sha256.Size]byte, at string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return sum, "", err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return sum, "", err
	}
	return [sha256.Size]byte(hash.Sum(nil)), stamp(path, info), nil
}

func stamp(path string, info os.FileInfo) string {
	return fmt.Sprintf("%s %d %d\n", strings.TrimSpace(path), info.Size(), info.ModTime().UnixNano())
}

// programCache is a folder with programs that TinyGo has compiled, because it compiles for about 20 seconds also if nothing
// has changed. It is in the user's cache, like the cache of Go's compiler. A cache that cannot be read or written is not an
// error.
type programCache string

const (
	// maxPrograms is how many programs the cache keeps, and maxProgramAge how long it keeps one that nobody uses.
	maxPrograms   = 64
	maxProgramAge = 14 * 24 * time.Hour
)

// userCache returns the folder of the user's cache; tests replace it.
var userCache = os.UserCacheDir

// userPrograms returns the cache of this user, or an empty one if there is no folder for it.
func userPrograms() programCache {
	folder, err := userCache()
	if err != nil {
		return ""
	}
	return programCache(filepath.Join(folder, "forgego", "tinygo"))
}

// file returns the file of a program: the hash of its bytes, and the bytes.
func (c programCache) file(in *tinyInputs) (name string, ok bool) {
	if c == "" || in == nil {
		return "", false
	}
	text, err := json.Marshal(in)
	if err != nil {
		return "", false
	}
	return filepath.Join(string(c), fmt.Sprintf("%x", sha256.Sum256(text))), true
}

// load returns the program that was compiled of these inputs, or nil.
func (c programCache) load(in *tinyInputs) []byte {
	name, ok := c.file(in)
	if !ok {
		return nil
	}
	data, err := appfile.ReadPath(name, maxFile)
	if err != nil || len(data) < sha256.Size {
		return nil
	}
	sum, program := data[:sha256.Size], data[sha256.Size:]
	if have := sha256.Sum256(program); !bytes.Equal(sum, have[:]) {
		return nil
	}
	now := time.Now()
	_ = os.Chtimes(name, now, now)
	return program
}

// store keeps the program that was compiled between the two looks at its inputs, unless something has changed since the
// first.
func (c programCache) store(before, after *tinyInputs, program []byte) {
	name, ok := c.file(before)
	if !ok || !reflect.DeepEqual(before, after) || os.MkdirAll(string(c), 0o700) != nil {
		return
	}
	sum := sha256.Sum256(program)
	if replace(name, slices.Concat(sum[:], program)) == nil {
		c.trim()
	}
}

// trim removes the programs that were not used for the longest time.
func (c programCache) trim() {
	entries, err := os.ReadDir(string(c))
	if err != nil {
		return
	}
	var files []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for i, f := range files {
		if i >= maxPrograms || time.Since(f.ModTime()) > maxProgramAge {
			_ = os.Remove(filepath.Join(string(c), f.Name()))
		}
	}
}
