package bundle

import (
	"strings"
	"testing"
)

// A page that Build wrote is recognised even if Git or a Windows editor has changed its line endings.
func TestIsOwnIndex(t *testing.T) {
	own := string(indexPage("Tasks", true))
	for name, c := range map[string]struct {
		page string
		want bool
	}{
		"unchanged":          {own, true},
		"other line endings": {strings.ReplaceAll(own, "\n", "\r\n"), true},
		"a byte order mark":  {"\ufeff" + own, true},
		"with crossorigin":   {strings.Replace(own, `as="fetch" `, `as="fetch" crossorigin `, 1), true},
		"in UTF-16":          {"\xff\xfe" + own, false},
		"another title":      {string(indexPage("Other", true)), false},
		"changed by a user":  {own + "\n", false},
	} {
		if got := isOwnIndex([]byte(c.page), "Tasks"); got != c.want {
			t.Errorf("%s: isOwnIndex = %v, want %v", name, got, c.want)
		}
	}
}
