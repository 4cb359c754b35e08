package kvs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/forgego/forgego/internal/appfile"
)

// maxFile is the largest size of the file with the values, in bytes.
const maxFile = 1 << 30

// open reads the values from a file, unless they are from there already. A file that does not exist has none.
func (s *Store) open(path string) error {
	if s.sites != nil && s.path == path {
		return nil
	}
	sites := map[int]*values{}
	if path != "" {
		text, err := appfile.ReadIn(filepath.Dir(path), filepath.Base(path), maxFile)
		if err == nil {
			err = json.Unmarshal(text, &sites)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the file of storage in forgego.yml cannot be read; remove or correct %s: %w", path, err)
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
					t.size += len(key) + len(e.Value)
				}
			}
		}
	}
	s.sites, s.path = sites, path
	return nil
}

// save writes all values to the file, if there is one. It replaces the file in one step. Only the user may read it.
func (s *Store) save() error {
	if s.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(s.sites, "", "  ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(s.path), "."+filepath.Base(s.path)+"-*")
	if err == nil {
		_, err = temp.Write(append(text, '\n'))
		err = errors.Join(err, temp.Close())
		if err == nil {
			err = os.Rename(temp.Name(), s.path)
		}
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}
	if err != nil {
		return fmt.Errorf("the file of storage in forgego.yml cannot be written: %w", err)
	}
	return nil
}
