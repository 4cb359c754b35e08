package devhost

import (
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// shownModule is how the product shows a view of a module.
type shownModule struct {
	// Surface is what is around the app's page: "field", "rule", "macro", "gadget", "dialog", "background", or "page".
	Surface string
	// View is the view in the page's frame, and FrameURL its address.
	View     string
	FrameURL string
	// Over is the view that is open over that one, or nil.
	Over *overView
	// Others are the links to the views that the product opens from this one.
	Others []link
	// Viewport is the size of the frame that the manifest sets, as JSON. Without one, the frame is as high as the app's page;
	// it fills the product's page if Fills is set.
	Viewport string
	Fills    bool
}

// overView is a view that is open over the module's own.
type overView struct {
	View string `json:"view"`
	URL  string `json:"url"`
	// Title is what the dialog's header says.
	Title string `json:"title"`
	// Inline is set if the view takes the place of the other one, without a dialog.
	Inline bool `json:"inline"`
	// Viewport is the size that the manifest sets.
	Viewport manifest.Viewport `json:"viewport"`
}

// shown returns how a module is shown to a site with one of its views open.
func (d *deployment) shown(m manifest.Module, open manifest.View, menu menu, site int) shownModule {
	base := m.Main()
	s := shownModule{Surface: surfaceOf(m, base)}
	if _, ok := m.Display(); !ok && menu.view != "" {
		base = open
		s.Surface = surfaceOf(m, base)
	}
	s.View, s.FrameURL = base.Name, d.viewURL(base, site)
	if s.Fills = s.Surface == "page" && fillsPage(m.Type); base.Viewport != (manifest.Viewport{}) {
		s.Viewport = string(mustJSON(base.Viewport))
	}
	for _, v := range m.Views {
		if v != base {
			s.Others = append(s.Others, menu.link(m, v, viewTitle(v.Name)))
		}
	}
	if menu.view != "" && open != base {
		s.Over = &overView{View: open.Name, URL: d.viewURL(open, site), Title: m.Title + ": " + viewTitle(open.Name), Inline: isInline(m, open), Viewport: open.Viewport}
	}
	return s
}

// isInline reports whether a view takes the place of the module's own. A gadget is edited in its place on the dashboard.
func isInline(m manifest.Module, v manifest.View) bool {
	return v.Inline || m.Type == "jira:dashboardGadget"
}

// fillsPage reports whether modules of a type are pages of their own, such as jira:globalPage and confluence:spaceSettings.
func fillsPage(moduleType string) bool {
	_, kind, _ := strings.Cut(moduleType, ":")
	return strings.HasSuffix(kind, "Page") || strings.HasSuffix(kind, "Settings")
}

func surfaceOf(m manifest.Module, v manifest.View) string {
	_, kind, _ := strings.Cut(m.Type, ":")
	switch {
	case strings.HasSuffix(strings.ToLower(kind), "backgroundscript") && v.Name == "":
		return "background"
	case m.Type == "macro":
		return "macro"
	case kind == "dashboardGadget", m.Type == "dashboards:widget", m.Type == "dashboards:filter":
		return "gadget"
	case strings.HasPrefix(kind, "customField") && v.Name != "contextConfig":
		return "field"
	case strings.HasPrefix(kind, "workflow") && v.Name == "view":
		return "rule"
	case v.Name != "" && v.Name != "view" && v.Name != "contextConfig":
		return "dialog"
	}
	return "page"
}

// SurfaceText says what the product has around the app's page, or is empty.
func (s shownModule) SurfaceText() string {
	switch s.Surface {
	case "field":
		return "A field of an issue"
	case "rule":
		return "A rule of a transition in a workflow"
	case "macro":
		return "A macro in a page"
	case "gadget":
		return "On a dashboard"
	case "dialog":
		return "A dialog of the product"
	case "background":
		return "This module runs in the background of the product’s pages. It shows nothing."
	}
	return ""
}

// OverJSON returns the view that is open over the module's own as JSON, or "".
func (s shownModule) OverJSON() string {
	if s.Over == nil {
		return ""
	}
	return string(mustJSON(s.Over))
}
