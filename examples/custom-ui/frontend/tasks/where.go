package tasks

import (
	"github.com/forgego/forgego/bridge/router"
	"github.com/forgego/forgego/bridge/view"
)

// Where is the page of the product that the app is on. The zero Where is one that is not known.
type Where struct {
	// Text says where, such as "Issue DEMO-1".
	Text string
	// Location is where the router finds it, and URL its address; empty if the host gives none.
	Location router.Location
	URL      string
}

// IsKnown reports whether there is something to show, and to go to.
func (w Where) IsKnown() bool { return w.Location != nil }

// whereIs reads the place from the context's extension: an issue in Jira, a page or a space in Confluence.
func whereIs(here *view.Context, words *Words) Where {
	var issue, space struct{ Key string }
	var content struct{ ID string }
	for name, member := range map[string]any{"issue": &issue, "space": &space, "content": &content} {
		// What is not as it is documented is as if it were not there.
		_, _ = here.Extension.Decode(name, member)
	}
	switch {
	case issue.Key != "":
		return Where{Text: words.Text("where.issue", "key", issue.Key), Location: router.Issue{IssueKey: issue.Key}}
	case content.ID != "" && space.Key != "":
		return Where{Text: words.Text("where.page", "key", space.Key), Location: router.ContentView{ContentID: content.ID}}
	case space.Key != "":
		return Where{Text: words.Text("where.space", "key", space.Key), Location: router.SpaceView{SpaceKey: space.Key}}
	}
	return Where{}
}
