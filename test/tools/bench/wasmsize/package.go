package wasmsize

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Package is the size of a package's functions.
type Package struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

// Other is the name for functions that belong to no known package. The linker creates them, for example to compare types.
const Other = "made by the linker"

// replaced matches the characters that the linker writes as "_" in a name.
var replaced = regexp.MustCompile(`[^\w.]`)

// ByPackage adds up the sizes of functions by package, the largest first. The packages are the import paths of all packages
// that the program links. "main" is always among them.
func ByPackage(functions []Function, packages []string) []Package {
	known := map[string]string{"main": "main"}
	for _, p := range packages {
		known[symbolPrefix(p)] = p
	}
	sizes := map[string]int{}
	for _, f := range functions {
		sizes[packageOf(f.Name, known)] += f.Size
	}
	var list []Package
	for name, size := range sizes {
		list = append(list, Package{name, size})
	}
	slices.SortFunc(list, func(a, b Package) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), strings.Compare(a.Name, b.Name))
	})
	return list
}

// symbolPrefix returns the start of the names of a package's symbols. A dot in the last element of a path is escaped,
// because it would end the package's name.
func symbolPrefix(path string) string {
	slash := strings.LastIndexByte(path, '/') + 1
	return replaced.ReplaceAllString(path[:slash]+strings.ReplaceAll(path[slash:], ".", "%2e"), "_")
}

// packageOf returns the package of a symbol: the longest known prefix before a dot. The paths themselves may contain dots.
func packageOf(symbol string, known map[string]string) string {
	for end := strings.LastIndexByte(symbol, '.'); end > 0; end = strings.LastIndexByte(symbol[:end], '.') {
		if name, ok := known[symbol[:end]]; ok {
			return name
		}
	}
	return Other
}
