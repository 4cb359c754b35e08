package policy

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

// The policies in testdata/policies.json are what @forge/csp 6.3.2 returns for the pages there: CSPProcessingService
// with cheerio, then CSPInjectionService with microsEnv "prod", joined by "; ".
func TestAtlassianPolicy(t *testing.T) {
	var golden struct{ Pages, Policies map[string]string }
	text, err := os.ReadFile("testdata/policies.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	const site = "http://127.0.0.1:4000"
	ownHash := "sha256-" + strings.Repeat("A", 43) + "="
	for _, c := range []struct {
		name     string
		manifest manifest.Manifest
		page     string
		hostname string
	}{
		{"nothing", manifest.Manifest{}, "plain", site},
		{"no site", manifest.Manifest{}, "plain", ""},
		{"everything", manifest.Manifest{
			Remotes: []manifest.Remote{{Key: "tasks", BaseURL: "https://tasks.example.com/api"}},
			Content: manifest.Content{
				Scripts: []string{"unsafe-eval", ownHash, "blob:", "unsafe-hashes", "nonsense"},
				Styles:  []string{"unsafe-inline", "nonsense"},
			},
			External: manifest.External{
				Fonts:         []string{"https://f.example.com"},
				Frames:        []string{"*.frames.example.com"},
				Images:        []string{"https://i.example.com"},
				Media:         []string{"https://m.example.com"},
				Scripts:       []string{"https://s.example.com"},
				Styles:        []string{"https://st.example.com"},
				Client:        []string{"https://c.example.com"},
				ClientRemotes: []string{"tasks"},
			},
		}, "inline", site},
		{"unsafe-inline", manifest.Manifest{Content: manifest.Content{Scripts: []string{"unsafe-inline"}}}, "inline", site},
		{"meta policy", manifest.Manifest{}, "meta", site},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, ok := golden.Policies[c.name]
			if !ok {
				t.Fatal("there is no such policy in testdata")
			}
			got := Atlassian(&c.manifest, []byte(golden.Pages[c.page]), c.hostname)
			gotList, wantList := strings.Split(got, "; "), strings.Split(want, "; ")
			for i := range min(len(gotList), len(wantList)) {
				if gotList[i] != wantList[i] {
					t.Errorf("got  %s\nwant %s", gotList[i], wantList[i])
				}
			}
			if got != want {
				t.Errorf("got %d directives, want %d", len(gotList), len(wantList))
			}
		})
	}
}

func TestAdditions(t *testing.T) {
	m := &manifest.Manifest{Remotes: []manifest.Remote{{Key: "tasks-api", BaseURL: "https://tasks.example.com/api"}}}
	local := map[string]string{"tasks-api": "http://127.0.0.1:8787/base"}
	for _, c := range []struct {
		name     string
		external manifest.External
		local    map[string]string
		connect  string
	}{
		{"remote named", manifest.External{ClientRemotes: []string{"tasks-api"}}, local, "http://127.0.0.1:8787"},
		{"remote's address listed", manifest.External{Client: []string{"https://tasks.example.com/api"}}, local, "http://127.0.0.1:8787"},
		{"remote not declared", manifest.External{}, local, ""},
		{"remote not local", manifest.External{ClientRemotes: []string{"tasks-api"}}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m.External = c.external
			additions := Additions(m, c.local)
			policy := Local(m, nil, "http://127.0.0.1:4000", additions)
			want := Atlassian(m, nil, "http://127.0.0.1:4000")
			want = want[:strings.Index(want, "; report-uri")]
			if c.connect != "" {
				want = strings.Replace(want, "; script-src", " "+c.connect+"; script-src", 1)
			}
			if policy != want {
				t.Errorf("got  %s\nwant %s", policy, want)
			}
			for _, a := range additions {
				if a.Reason == "" || a.Directive == "" || a.LeftOut == (a.Value != "") {
					t.Errorf("the addition %+v has no reason, no directive, or both or neither of LeftOut and Value", a)
				}
			}
		})
	}
}
