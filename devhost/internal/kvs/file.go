package kvs

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/textfile"
)

// maxFile is the largest size of the file with the values, in bytes.
const maxFile = 1 << 30

// File is the file with the values. The zero value means that they are in memory.
type File struct {
	// Dir is the app's folder. The file is inside it, also if its path has symbolic links.
	Dir string
	// Name is relative to Dir, with forward slashes.
	Name string
}

func (f File) path() string { return filepath.Join(f.Dir, filepath.FromSlash(f.Name)) }

// beside returns the name of a hidden file in the same folder.
func (f File) beside(extension string) string {
	return path.Join(path.Dir(f.Name), "."+path.Base(f.Name)+extension)
}

func (f File) unreadable(err error) error {
	return fmt.Errorf("the file of storage in forgego.yml cannot be read; remove or correct %s: %w", f.path(), err)
}

func (f File) unwritable(err error) error {
	return fmt.Errorf("the file of storage in forgego.yml, %s, cannot be written, so nothing was changed: %w", f.path(), err)
}

// version is what is known of a file's content.
type version struct {
	// info is nil if there is no file.
	info fs.FileInfo
	// sum is the hash of the content.
	sum uint64
	// at is when the content was last compared.
	at time.Time
}

// tick is longer than the steps in which file systems count time.
const tick = 20 * time.Millisecond

// isSure reports whether a file with this info must have the same content. A change right after the last one can have the same
// time.
func (v version) isSure(info fs.FileInfo) bool {
	if v.info == nil || info == nil {
		return v.info == nil && info == nil
	}
	return os.SameFile(v.info, info) && v.info.Size() == info.Size() && v.info.ModTime().Equal(info.ModTime()) && v.at.Sub(info.ModTime()) > tick
}

var seed = maphash.MakeSeed()

// open reads the values, unless they are known already. A file that does not exist has none.
func (s *Store) open(file File) error {
	isKnown := s.sites != nil && s.file == file
	if file == (File{}) {
		if !isKnown {
			s.sites, s.file = map[int]*values{}, file
		}
		return nil
	}
	before := s.version
	if !isKnown {
		before = version{}
	}
	root, err := os.OpenRoot(file.Dir)
	if err != nil {
		return file.unreadable(err)
	}
	defer root.Close()
	// The info is older than the content that is read. So a change in between is seen next time.
	now := version{at: time.Now()}
	if now.info, err = root.Stat(filepath.FromSlash(file.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.forget(file.unreadable(err))
	}
	if err != nil {
		now.info = nil
	}
	if isKnown && before.isSure(now.info) {
		return nil
	}
	sites := map[int]*values{}
	if now.info != nil {
		if isKnown && before.info != nil && before.info.Size() == now.info.Size() {
			if now.sum, err = sum(root, file.Name); err == nil && now.sum == before.sum {
				s.version = now
				return nil
			}
		}
		text, err := appfile.Read(root, file.Name, maxFile)
		if err != nil {
			return s.forget(file.unreadable(err))
		}
		now.sum = maphash.Bytes(seed, text)
		if sites, err = decode(text); err != nil {
			return s.forget(file.unreadable(err))
		}
	}
	s.sites, s.file, s.version = sites, file, now
	return nil
}

// sum reads a file in small parts, because it may follow each change.
func sum(root *os.Root, name string) (uint64, error) {
	f, err := appfile.Open(root, name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var h maphash.Hash
	h.SetSeed(seed)
	_, err = io.Copy(&h, f)
	return h.Sum64(), err
}

// forget lets open read the file again, and returns the error.
func (s *Store) forget(err error) error {
	s.sites = nil
	return err
}

func decode(text []byte) (map[int]*values, error) {
	text, err := textfile.Decode(text)
	if err != nil {
		return nil, err
	}
	var sites map[int]*values
	if err := json.Unmarshal(text, &sites); err != nil {
		return nil, err
	}
	if sites == nil { // The file has null.
		sites = map[int]*values{}
	}
	for number, of := range sites {
		if of == nil {
			delete(sites, number)
			continue
		}
		if of.Plain == nil {
			of.Plain = map[string]entry{}
		}
		if of.Secret == nil {
			of.Secret = map[string]entry{}
		}
		for _, t := range of.tables() {
			for key, e := range t.entries {
				if len(e.Value) == 0 {
					return nil, fmt.Errorf("the key %q has no value", key)
				}
				t.size += len(key) + len(e.Value)
			}
		}
	}
	return sites, nil
}

// save writes all values to the file, if there is one. It replaces the file in one step. Only the user may read it. The caller
// has the lock.
func (s *Store) save() error {
	if s.file == (File{}) {
		return nil
	}
	if err := s.write(); err != nil {
		return s.forget(s.file.unwritable(err))
	}
	return nil
}

func (s *Store) write() error {
	now := version{at: time.Now()} // before the file's own time, so that the next call compares the content
	if err := encode(&s.encoded, s.sites); err != nil {
		return err
	}
	text := s.encoded.Bytes()
	if len(text) > maxFile {
		return fmt.Errorf("the values of all sites have more than %d MB", maxFile>>20)
	}
	root, err := os.OpenRoot(s.file.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	// A program that crashed may have left the file.
	name := filepath.FromSlash(s.file.beside(".tmp"))
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temp, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	var failed error
	now.info, failed = temp.Stat()
	if err = errors.Join(err, failed, temp.Close()); err == nil {
		err = root.Rename(name, filepath.FromSlash(s.file.Name))
	}
	if err != nil {
		_ = root.Remove(name)
		return err
	}
	now.sum = maphash.Bytes(seed, text)
	s.version = now
	return nil
}
