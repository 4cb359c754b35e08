package wasmsize

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Package is what the functions of a package take.
type Package struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

// Other is the name for functions of no known package: what the linker makes, such as the comparison of types.
const Other = "made by the linker"

// replaced is what the linker writes as "_" in a name.
var replaced = regexp.MustCompile(`[^\w.]`)

// ByPackage adds up functions by the packages that they come from, the largest first. The packages are the import paths of
// all that the program links; "main" is always among them.
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

// symbolPrefix is how the names of a package's symbols begin. A dot in a path's last element is escaped, as it would end
// the package's name.
func symbolPrefix(path string) string {
	slash := strings.LastIndexByte(path, '/') + 1
	return replaced.ReplaceAllString(path[:slash]+strings.ReplaceAll(path[slash:], ".", "%2e"), "_")
}

// packageOf finds the longest prefix before a dot that is a package: the paths themselves may hold dots.
func packageOf(symbol string, known map[string]string) string {
	for end := strings.LastIndexByte(symbol, '.'); end > 0; end = strings.LastIndexByte(symbol[:end], '.') {
		if name, ok := known[symbol[:end]]; ok {
			return name
		}
	}
	return Other
}
