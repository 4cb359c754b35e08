package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
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
	// stamps are the sizes and times of all files and their folders by path, to see a change that was undone while the compiler
	// ran.
	stamps map[string]string
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
	compiler, err := c.compilerInputs(ctx)
	if err != nil {
		return nil
	}
	settings, err := c.run(ctx, "env", "GOVERSION", "GOROOT", "GOFLAGS", "GOEXPERIMENT", "GODEBUG", "GOWASM")
	if version, _, _ := strings.Cut(settings, "\n"); err != nil || strings.Contains(version, "devel") {
		return nil
	}
	for _, flag := range []string{"-overlay", "-modfile", "-toolexec"} {
		if strings.Contains(settings, flag) {
			return nil
		}
	}
	in := &tinyInputs{Format: 1, Flags: c.flags, Compiler: compiler, Settings: settings, stamps: map[string]string{}}
	for _, v := range c.env {
		if strings.HasPrefix(v, "TINYGO") {
			in.Env = append(in.Env, v)
		}
	}
	for _, p := range packages {
		if p.Incomplete || len(p.CgoFiles) > 0 || in.add(p) != nil {
			return nil
		}
	}
	return in
}

// compilerInputs returns what identifies TinyGo: its version, its target, its own program, and wasm-opt, which it calls last and
// which may come from elsewhere. It returns an error for a development version.
func (c *tinygo) compilerInputs(ctx context.Context) (string, error) {
	version, err := c.command(ctx, ErrNoTinyGo, "tinygo", "version")
	if err != nil {
		return "", err
	}
	if strings.Contains(version, "-dev") {
		return "", errors.New("two builds of a development version may have the same version")
	}
	optimizer, err := c.command(ctx, ErrNoTinyGo, "tinygo", "env", "WASMOPT")
	if err != nil {
		return "", err
	}
	all := version + c.target
	for _, program := range []string{"tinygo", strings.TrimSpace(optimizer)} {
		path, err := exec.LookPath(program)
		if err != nil {
			return "", err
		}
		at, err := stamp(path)
		if err != nil {
			return "", err
		}
		all += at
	}
	return all, nil
}

// add adds a package. It returns an error if a file cannot be read.
func (in *tinyInputs) add(p tinyPackage) error {
	input := tinyInput{Path: p.ImportPath, GoDebug: p.DefaultGODEBUG}
	if p.Standard {
		in.Packages = append(in.Packages, input)
		return nil
	}
	input.Files = map[string][sha256.Size]byte{}
	var stamped []string
	for _, name := range slices.Concat(p.GoFiles, p.CFiles, p.HFiles, p.SFiles, p.EmbedFiles) {
		path := filepath.Join(p.Dir, filepath.FromSlash(name))
		sum, err := hashFile(path)
		if err != nil {
			return err
		}
		input.Files[name] = sum
		stamped = append(stamped, path, filepath.Dir(path))
	}
	if m := p.Module; m != nil {
		input.GoVersion = m.GoVersion
		if m.GoMod != "" { // it is empty in a vendor folder
			stamped = append(stamped, m.GoMod)
		}
		// A folder that was moved away and back changes the time of the one that it is in.
		for dir := p.Dir; dir != m.Dir && within(m.Dir, dir); {
			dir = filepath.Dir(dir)
			stamped = append(stamped, dir)
		}
	}
	for _, path := range stamped {
		at, err := stamp(path)
		if err != nil {
			return err
		}
		in.stamps[path] = at
	}
	in.Packages = append(in.Packages, input)
	return nil
}

func hashFile(path string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(hash.Sum(nil)), nil
}

// stamp returns the path, size and time of a file or a folder, as a line.
func stamp(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %d %d\n", path, info.Size(), info.ModTime().UnixNano()), nil
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
