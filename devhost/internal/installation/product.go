package installation

import (
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// Product is an Atlassian product. Its text is the name that a token's installation contexts have.
type Product string

const (
	Jira       Product = "jira"
	Confluence Product = "confluence"
	Bitbucket  Product = "bitbucket"
	Compass    Product = "compass"
)

// ProductOf returns the product that shows modules of this type.
func ProductOf(moduleType string) Product {
	prefix, _, qualified := strings.Cut(moduleType, ":")
	switch {
	case moduleType == "macro", prefix == "confluence":
		return Confluence
	case qualified && (prefix == "bitbucket" || prefix == "compass"):
		return Product(prefix)
	}
	return Jira
}

// Title returns the product's name for people.
func (p Product) Title() string {
	return strings.ToUpper(string(p[:1])) + string(p[1:])
}

func products(modules []manifest.Module) []Product {
	var all []Product
	seen := map[Product]bool{}
	for _, m := range modules {
		if p := ProductOf(m.Type); !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all
}
