// Package newapp writes the files of a new app: a manifest, a page in Go, its tests and, if wanted, a backend.
package newapp

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// App says what to write. All fields but Source are required.
type App struct {
	// Name is what the product shows, as CheckName accepts it.
	Name string
	// Module is the path of the Go module, as CheckModule accepts it.
	Module string
	// Product is Jira or Confluence.
	Product string
	// Template is Panel, Page, Macro or React. A macro exists only in Confluence. React is a panel whose page is a React app.
	Template string
	// Backend adds a server that keeps notes. Without it, the page searches in the product. React needs a backend.
	Backend bool
	// Source is where the app finds forgego's packages.
	Source Source
}

// The products, and the places in them.
const (
	Jira       = "jira"
	Confluence = "confluence"

	Panel = "panel"
	Page  = "page"
	Macro = "macro"
	React = "react"
)

// Products returns the products in which a template exists. The first is the default.
func Products(template string) []string {
	return slices.DeleteFunc([]string{Jira, Confluence}, func(product string) bool {
		_, exists := places[template][product]
		return !exists
	})
}

// place is where a template shows the app, and how to speak about it.
type place struct {
	// Type is the module's type in manifest.yml.
	Type string
	// WhatItIs is the app in a few words.
	WhatItIs string
	// Icon says that the module needs an icon, and Route that it needs the last part of its address.
	Icon, Route bool
	// PlaceMember is the member of the context's extension whose id says to what the notes belong, and PlaceField its name
	// in Go. They are empty if something else says it.
	PlaceMember, PlaceField string
	// PlaceWord is a word for that, PlaceArticle the same with an article, and OfPlace says whose notes a page shows.
	PlaceWord, PlaceArticle, OfPlace string
}

// places are by template and product. Source of the types:
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/
var places = map[string]map[string]place{
	Panel: panels,
	React: panels,
	Page: {
		Jira:       {Type: "jira:globalPage", WhatItIs: "A page in Jira", PlaceWord: "site", OfPlace: "of the site"},
		Confluence: {Type: "confluence:globalPage", WhatItIs: "A page in Confluence", Route: true, PlaceWord: "site", OfPlace: "of the site"},
	},
	Macro: {
		Confluence: {Type: "macro", WhatItIs: "A macro for Confluence's pages", PlaceWord: "macro", OfPlace: "of the macro"},
	},
}

var panels = map[string]place{
	Jira: {
		Type: "jira:issuePanel", WhatItIs: "A panel in Jira's work items", Icon: true,
		PlaceMember: "issue", PlaceField: "Issue", PlaceWord: "work item", PlaceArticle: "a work item", OfPlace: "of the work item",
	},
	Confluence: {
		Type: "confluence:contentBylineItem", WhatItIs: "An item in the byline of Confluence's pages",
		PlaceMember: "content", PlaceField: "Content", PlaceWord: "page", PlaceArticle: "a page", OfPlace: "of the page",
	},
}

// finds says what an app without a backend finds in a product.
type finds struct {
	ProductName, Thing, Things     string
	Scope, SearchPath, QueryName   string
	TextLabel, KindLabel, KeyLabel string
	Kinds                          []option
}

type option struct{ Value, Label string }

// searches are by product. Sources:
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-search/
var searches = map[string]finds{
	Jira: {
		ProductName: "Jira", Thing: "work item", Things: "work items",
		Scope: "read:jira-work", SearchPath: "/rest/api/3/search/jql", QueryName: "jql",
		TextLabel: "Words in the title", KindLabel: "Status", KeyLabel: "Key",
		Kinds: []option{{"", "Any"}, {"To Do", "To do"}, {"In Progress", "In progress"}, {"Done", "Done"}},
	},
	Confluence: {
		ProductName: "Confluence", Thing: "page or blog post", Things: "pages and blog posts",
		Scope: "search:confluence", SearchPath: "/wiki/rest/api/search", QueryName: "cql",
		TextLabel: "Words in the title", KindLabel: "Type", KeyLabel: "Space",
		Kinds: []option{{"", "Any"}, {"page", "Page"}, {"blogpost", "Blog post"}},
	},
}

// Check returns an error that says which field cannot be used and what can.
func (a App) Check() error {
	if err := CheckName(a.Name); err != nil {
		return err
	}
	if err := CheckModule(a.Module); err != nil {
		return err
	}
	if places[a.Template] == nil {
		return fmt.Errorf("there is no template %q; use %s, %s, %s or %s", a.Template, Panel, Page, Macro, React)
	}
	if _, ok := places[a.Template][a.Product]; !ok {
		return fmt.Errorf("the template %s does not exist in the product %q; use %s", a.Template, a.Product, strings.Join(Products(a.Template), " or "))
	}
	if a.Template == React && !a.Backend {
		return errors.New("the template react has a backend; leave out --backend none")
	}
	if a.Source == (Source{}) {
		return errors.New("nothing says where forgego's packages are")
	}
	return nil
}

// WhatItIs returns the app in a few words, such as "A page in Jira".
func (a App) WhatItIs() string { return places[a.Template][a.Product].WhatItIs }

// values are what the templates' files name.
type values struct {
	App
	place
	finds
	Source
	// ID is the UUID of an app that is not registered yet.
	ID                     string
	Macro, React           bool
	ConfigTitle, GoVersion string
	// Slug is the name in the letters of an address.
	Slug string
}

// goVersion is the oldest Go that builds the app: that of forgego itself.
const goVersion = "1.26.0"

func (a App) values() values {
	return values{
		App: a, place: places[a.Template][a.Product], finds: searches[a.Product], Source: a.Source,
		ID: newID(), Macro: a.Template == Macro, React: a.Template == React, ConfigTitle: a.Name + " settings", GoVersion: goVersion, Slug: slug(a.Name),
	}
}

// newID returns a random UUID, version 4 of RFC 9562.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
