package jsbundle

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/appfile"
)

// maxPackageFile is the size of the largest package.json that is read, in bytes.
const maxPackageFile = 1 << 20

// howToResolve returns what to do if a module cannot be resolved, as a sentence, or "" if it is not a package's.
func howToResolve(dir, module string) string {
	if module == "" || strings.ContainsAny(module[:1], "./#") || strings.ContainsAny(module, ` \:`) {
		return ""
	}
	name, rest, _ := strings.Cut(module, "/")
	if strings.HasPrefix(name, "@") {
		inScope, _, _ := strings.Cut(rest, "/")
		name += "/" + inScope
	}
	var file struct {
		Dependencies, DevDependencies, OptionalDependencies, PeerDependencies map[string]any
	}
	// A file that cannot be read lists nothing. If it is not JSON, that is another fault.
	if text, err := appfile.ReadIn(dir, "package.json", maxPackageFile); err == nil {
		_ = json.Unmarshal(text, &file)
	}
	listed := slices.ContainsFunc([]map[string]any{file.Dependencies, file.DevDependencies, file.OptionalDependencies, file.PeerDependencies},
		func(packages map[string]any) bool { _, ok := packages[name]; return ok })
	if listed {
		return "Install the app's packages: npm install"
	}
	return "package.json does not list " + name + ". Correct the name, or add the package: npm install " + name
}
