package manifest

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const storageExample = "Use .forgego/storage.json, or storage.json beside manifest.yml."

// readStorage reads the name of the file with the values of @forge/kvs, which need not exist.
func (s *source) readStorage(at node) string {
	name := at.text()
	if at.kind() != missing && (name == "" || !filepath.IsLocal(filepath.FromSlash(name)) || filepath.Ext(name) != ".json") {
		s.fault(at, storageExample+" It need not exist yet.", "storage does not name a .json file inside the app's folder")
	}
	return name
}

// checkStorage checks that the file of storage is in no folder whose files anyone can load, or whose changes build or start
// something.
func (d *Dev) checkStorage(m *Manifest) {
	at := d.src.root.get("storage")
	if d.Storage == "" || !filepath.IsLocal(filepath.FromSlash(d.Storage)) {
		return // This is reported, or there is none.
	}
	refuse := func(folder, why string) bool {
		if !isIn(m.Dir, d.Storage, folder) {
			return false
		}
		fix := storageExample
		if path.Clean(folder) == "." {
			fix = "Name a smaller folder there, so that there is another place in the app's folder."
		}
		d.src.fault(at, fix, "storage cannot be in the folder %q, %s", folder, why)
		return true
	}
	for _, r := range m.Resources {
		if r.Path != "" && !isAbsolute(r.Path) && refuse(r.Path, fmt.Sprintf("which has the files of resource %q: pages could load the values, secrets too", r.Key)) {
			return
		}
	}
	for _, f := range m.Functions {
		for _, file := range m.handlerFiles(f) {
			if folder, _, ok := strings.Cut(file, "/"); ok && refuse(folder, "which has the app's functions: each change of a value would start them again") {
				return
			}
		}
	}
	// A front end in the app's folder itself does not count: there would be no place.
	for _, key := range slices.Sorted(maps.Keys(d.Frontends)) {
		for _, folder := range []string{d.Frontends[key].Package, d.Frontends[key].Dir} {
			if path.Clean(folder) != "." && refuse(folder, fmt.Sprintf("which has the front end %q: each change of a value could build or load it again", key)) {
				return
			}
		}
	}
	for _, remotes := range []map[string]DevRemote{d.Remotes, d.Services} {
		for _, key := range slices.Sorted(maps.Keys(remotes)) {
			for _, folder := range remotes[key].Watch {
				if refuse(folder, fmt.Sprintf("which watch of %q lists: each change of a value would start it again", key)) {
					return
				}
			}
		}
	}
}

// isIn reports whether a file of the app, which need not exist, is in a folder. Both may be reached by symbolic links, and may
// have other names for the same folder.
func isIn(dir, file, folder string) bool {
	file, folder = path.Clean(filepath.ToSlash(file)), path.Clean(filepath.ToSlash(folder))
	if folder == "." || strings.HasPrefix(file, folder+"/") {
		return true
	}
	info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(folder)))
	if err != nil {
		return false
	}
	// Begin at the last folder that exists.
	at := filepath.Dir(filepath.Join(dir, filepath.FromSlash(file)))
	real, err := filepath.EvalSymlinks(at)
	for ; err != nil && at != filepath.Dir(at); real, err = filepath.EvalSymlinks(at) {
		at = filepath.Dir(at)
	}
	for ; err == nil; real = filepath.Dir(real) {
		if one, failed := os.Stat(real); failed == nil && os.SameFile(one, info) {
			return true
		}
		if real == filepath.Dir(real) {
			break
		}
	}
	return false
}
