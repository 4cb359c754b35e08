package devloop

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/watch"
)

// errNotInstalled means that a project of npm has none of its packages.
var errNotInstalled = errors.New("the npm packages are not installed")

// maxPackageJSON is the largest package.json that is read, in bytes.
const maxPackageJSON = 1 << 20

// checkInstalled returns an error if package.json in a folder names packages, and neither the folder nor one above it has
// packages. npx would download them instead.
func checkInstalled(dir string) error {
	if len(packagesOf(dir)) == 0 {
		return nil
	}
	found := false
	for at := range above(dir) {
		found = found || exists(at, "node_modules") || exists(at, ".pnp.cjs")
	}
	if found {
		return nil
	}
	return fmt.Errorf("%w: run %s in %s", errNotInstalled, installer(dir), dir)
}

// missingPackages says which packages of package.json are not installed, or returns "" if none is missing.
func missingPackages(dir string) string {
	missing := packagesOf(dir)
	for at := range above(dir) {
		if exists(at, ".pnp.cjs") {
			return "" // Yarn keeps the packages elsewhere.
		}
		missing = slices.DeleteFunc(missing, func(name string) bool { return exists(at, "node_modules", filepath.FromSlash(name)) })
	}
	if len(missing) == 0 {
		return ""
	}
	names := strings.Join(missing[:min(len(missing), maxPlaces)], ", ")
	return fmt.Sprintf("package.json names packages that are not installed: %s. Run %s in %s. Then forgego starts the front end's command.", names, installer(dir), dir)
}

// packagesOf returns the names of the packages that package.json in a folder names, sorted. It returns none if there is no such
// file, or if it is not valid: the command itself says that better.
func packagesOf(dir string) []string {
	f, err := os.Open(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	var project struct {
		Dependencies, DevDependencies map[string]any
	}
	text, err := io.ReadAll(io.LimitReader(f, maxPackageJSON))
	if err != nil || json.Unmarshal(text, &project) != nil {
		return nil
	}
	names := slices.Sorted(maps.Keys(project.Dependencies))
	names = append(names, slices.Sorted(maps.Keys(project.DevDependencies))...)
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return !filepath.IsLocal(filepath.FromSlash(name)) })
}

// installer returns the command that installs the packages of a folder.
func installer(dir string) string {
	for _, tool := range []struct{ file, command string }{
		{"yarn.lock", "yarn install"}, {"pnpm-lock.yaml", "pnpm install"}, {"bun.lock", "bun install"},
	} {
		if exists(dir, tool.file) {
			return tool.command
		}
	}
	return "npm install"
}

// above returns a folder and all folders above it.
func above(dir string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		at, err := filepath.Abs(dir)
		for err == nil && yield(at) {
			parent := filepath.Dir(at)
			if parent == at {
				return
			}
			at = parent
		}
	}
}

func exists(path ...string) bool {
	_, err := os.Stat(filepath.Join(path...))
	return err == nil
}

// projectFiles returns what may let a command of npm start that did not: the settings in its folder, and the files that tools
// write when they have installed packages.
func projectFiles(dir string) (roots []watch.Root) {
	roots = append(roots, watch.Root{Path: dir, Key: "project", Match: isProjectFile})
	for _, name := range []string{".package-lock.json", ".yarn-state.yml", ".yarn-integrity", ".modules.yaml"} {
		roots = append(roots, watch.Root{Path: filepath.Join(dir, "node_modules", name)})
	}
	return roots
}

// projectFilesAgain returns the same files, as ones that were not watched before.
func projectFilesAgain(dir string) []watch.Root {
	roots := projectFiles(dir)
	for i := range roots {
		roots[i].Key += " again"
	}
	return roots
}

// isProjectFile reports whether a file can have settings. Vite writes files with "timestamp" in their name when it reads its own.
func isProjectFile(path string) bool {
	switch filepath.Ext(path) {
	case ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json", ".yaml":
		return !strings.Contains(filepath.Base(path), ".timestamp-")
	}
	return false
}
