package devhost

import (
	"html/template"
	"net/url"

	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/internal/manifest"
)

// moduleGroup holds the modules of one product.
type moduleGroup struct {
	Product string
	Modules []moduleItem
}

// moduleItem is a module in the page's menu.
type moduleItem struct {
	Title, Type string
	Link        link
	// Links are those to the module's other views, and to parts of its page.
	Links []link
}

// link is a link of the menu.
type link struct {
	Title string
	Href  template.URL
	// Name is what the manifest calls the target.
	Name    string
	Current bool
}

// menu makes the links of a page.
type menu struct {
	// chosen chooses the session.
	chosen url.Values
	texts  *manifest.Texts
	// key and view are what the page shows.
	key, view string
}

// first returns the key of the first module of a product.
func (m *menu) first(modules []manifest.Module, p installation.Product) string {
	for _, mod := range modules {
		if installation.ProductOf(mod.Type) == p {
			return mod.Key
		}
	}
	return ""
}

func (m *menu) groups(modules []manifest.Module, products []installation.Product) (groups []moduleGroup) {
	for _, p := range products {
		group := moduleGroup{Product: p.Title()}
		for _, mod := range modules {
			if installation.ProductOf(mod.Type) == p {
				group.Modules = append(group.Modules, m.item(mod))
			}
		}
		groups = append(groups, group)
	}
	return groups
}

func (m *menu) item(mod manifest.Module) moduleItem {
	main := mod.Main()
	item := moduleItem{Title: m.texts.Title(mod), Type: mod.Type}
	item.Link = m.link(mod, main, item.Title)
	for _, v := range mod.Views {
		if v.Name != main.Name {
			item.Links = append(item.Links, m.link(mod, v, viewTitle(v.Name)))
		}
	}
	for _, p := range mod.Pages {
		item.Links = append(item.Links, link{
			Title: m.texts.PageTitle(p), Name: p.Route, Href: m.href(mod.Key, "") + template.URL("#/"+(&url.URL{Path: p.Route}).EscapedPath()),
		})
	}
	return item
}

// link returns the link to a view. The main view of a module has the module's address.
func (m *menu) link(mod manifest.Module, v manifest.View, title string) link {
	name := v.Name
	if v.Name == mod.Main().Name {
		v.Name = ""
	}
	shown := m.view
	if shown == mod.Main().Name {
		shown = ""
	}
	return link{Title: title, Name: name, Href: m.href(mod.Key, v.Name), Current: mod.Key == m.key && v.Name == shown}
}

func (m *menu) href(key, view string) template.URL {
	query := url.Values{moduleParameter: {key}}
	if view != "" {
		query.Set(viewParameter, view)
	}
	address := "/?" + query.Encode()
	if len(m.chosen) > 0 {
		address += "&" + m.chosen.Encode()
	}
	return template.URL(address)
}

// viewTitle returns what the page calls a view.
func viewTitle(name string) string {
	switch name {
	case "":
		return "Module"
	case "view":
		return "View"
	case "edit":
		return "Edit"
	case "create":
		return "Create"
	case "config":
		return "Configuration"
	case "contextConfig":
		return "Context configuration"
	case "target":
		return "Dialog"
	}
	return name
}
