package e2e

import (
	"path/filepath"
	"testing"
)

// TestUsersAndSites checks that two users of a site share its tasks, and that the backend keeps the tasks of another site
// apart.
func TestUsersAndSites(t *testing.T) {
	h := dev(t, []string{"TASKS_DB=" + filepath.Join(t.TempDir(), "tasks.db")}, example)
	first := h.open(t)
	colleague := app{first.OpenAnother(h.url + "?account=2")}
	stranger := app{first.OpenAnother(h.url + "?site=2&account=2")}
	windows := []app{first, colleague, stranger}
	for _, window := range windows {
		window.Ready()
		window.IsLive()
	}
	first.Add("Ours", "requestRemote")
	colleague.list("Ours")
	stranger.Add("Theirs", "invokeRemote")
	colleague.Add("Ours too", "direct")
	stranger.Add("Theirs too", "direct")
	lists := [][]string{{"Ours", "Ours too"}, {"Ours", "Ours too"}, {"Theirs", "Theirs too"}}
	for i, window := range windows {
		window.list(lists[i]...)
		window.Page.Reload()
		window.Ready()
		window.list(lists[i]...)
		window.Page.Quiet()
	}
}
