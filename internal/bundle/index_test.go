package bundle

import (
	"strings"
	"testing"
)

// Our page is recognised even if Git or a Windows editor changed its line ends.
func TestOwnIndexOfWindows(t *testing.T) {
	own := string(indexPage("Tasks", true))
	for name, c := range map[string]struct {
		page string
		want bool
	}{
		"as it was written":   {own, true},
		"other line ends":     {strings.ReplaceAll(own, "\n", "\r\n"), true},
		"a byte order mark":   {"\ufeff" + own, true},
		"in UTF-16":           {"\xff\xfe" + own, false},
		"of another title":    {string(indexPage("Other", true)), false},
		"changed by somebody": {own + "\n", false},
	} {
		if got := isOwnIndex([]byte(c.page), "Tasks"); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
