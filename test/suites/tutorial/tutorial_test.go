package tutorial

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/browser"
)

// step is a part of the tutorial that a reader carries out: the commands of a block "sh", the change of a block "diff" in
// a file, or the look at the page that a picture shows.
type step struct {
	kind, text string
	// file is the file of a change: the last one that the text before the block names.
	file string
	line int
}

var (
	named    = regexp.MustCompile("`([a-z_]+(?:/[a-z_]+)*\\.[a-z]+)`")
	pictured = regexp.MustCompile(`^!\[[^\]]+\]\(images/tutorial-([a-z]+)\.png\)$`)
)

// readSteps returns the steps of the tutorial.
func readSteps(t *testing.T) (steps []step) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "tutorial.md"))
	if err != nil {
		t.Fatal(err)
	}
	file := ""
	var block *step
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case block != nil && line == "```":
			steps = append(steps, *block)
			block = nil
		case block != nil:
			block.text += line + "\n"
		case strings.HasPrefix(line, "```"):
			block = &step{kind: strings.TrimPrefix(line, "```"), file: file, line: i + 1}
		default:
			if names := named.FindAllStringSubmatch(line, -1); names != nil {
				file = names[len(names)-1][1]
			}
			if name := pictured.FindStringSubmatch(line); name != nil {
				steps = append(steps, step{kind: "picture", text: name[1], line: i + 1})
			}
		}
	}
	return steps
}

// reader follows the tutorial.
type reader struct {
	t   *testing.T
	dir string
	dev development
	// page is the product's page, and app the app's page in it.
	page *browser.Page
	app  *browser.Frame
	// done counts the steps by their kind.
	done map[string]int
}

func TestTutorial(t *testing.T) {
	r := &reader{t: t, dir: t.TempDir(), done: map[string]int{}}
	for _, s := range readSteps(t) {
		t.Logf("line %d: %s", s.line, s.kind)
		switch s.kind {
		case "sh":
			for line := range strings.Lines(s.text) {
				r.command(strings.TrimSpace(line))
			}
		case "diff":
			r.change(s)
		case "picture":
			r.look(s.text)
		default:
			t.Fatalf("line %d of the tutorial: a block of %q, which nobody can follow", s.line, s.kind)
		}
		r.done[s.kind]++
	}
	if r.done["sh"] < 6 || r.done["diff"] < 5 || r.done["picture"] != len(looks) {
		t.Errorf("the tutorial has %v steps", r.done)
	}
	if forge := r.done["forge"]; forge != 4 {
		t.Errorf("the tutorial has %d commands of forge, want 4", forge)
	}
}

// command runs a line of a shell. The clone is this one, and the commands of forge need a site.
func (r *reader) command(line string) {
	r.t.Helper()
	words := strings.Fields(line)
	switch {
	case strings.HasPrefix(line, "git clone "), line == "cd forgego", line == "cd ..":
	case line == "go install ./cmd/forgego":
		run(r.t, root, []string{"GOBIN=" + bin}, words...)
	case words[0] == "forge":
		r.done["forge"]++
	case words[0] == "cd":
		r.dir = filepath.Join(r.dir, words[1])
	case line == "forgego dev":
		r.dev = develop(r.t, r.dir)
		r.page, r.app = r.dev.open(r.t)
		r.page.SetSize(1120, 760)
	default:
		r.t.Log(run(r.t, r.dir, nil, words...))
	}
}

// change makes the change of a diff: the lines with a space or "-" become those with a space or "+".
func (r *reader) change(s step) {
	r.t.Helper()
	file := filepath.Join(r.dir, filepath.FromSlash(s.file))
	text, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatalf("line %d of the tutorial: %v", s.line, err)
	}
	before, after := "", ""
	for line := range strings.Lines(s.text) {
		if line[0] != '+' {
			before += line[1:]
		}
		if line[0] != '-' {
			after += line[1:]
		}
	}
	if n := strings.Count(string(text), before); n != 1 || before == "" {
		r.t.Fatalf("line %d of the tutorial: %s has these lines %d times:\n%s", s.line, s.file, n, before)
	}
	if r.app != nil {
		r.app.Eval(`void (globalThis.isOld = true)`, nil)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), before, after, 1)), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// look uses the page as the text before a picture says, checks what the picture shows, and saves it if the flag -pictures is
// set.
func (r *reader) look(name string) {
	r.t.Helper()
	if looks[name] == nil {
		r.t.Fatalf("the tutorial shows a picture %q that no test looks at", name)
	}
	looks[name](r)
	picture(r.t, r.page, "tutorial-"+name)
}

var looks = map[string]func(r *reader){
	"first": func(r *reader) {
		r.app.Wait("the empty list", `!document.getElementById("empty").hidden`)
		r.add("Order new chairs", "idea")
	},
	"hide": func(r *reader) {
		// Each of the three changes loads the page again, so a click may get lost. A page whose list is not there yet hides nothing.
		r.app.Wait("what is done to be hidden", `(() => {
			const hide = document.getElementById("hide-done"), done = document.querySelector("#rows input");
			if (!hide || !document.getElementById("loading").hidden) return false;
			if (!done) return hide.checked;
			if (done.checked) hide.click();
			else done.click();
			return false;
		})()`)
		r.add("Which color?", "question")
		r.add("Black ones", "decision")
		r.app.Wait("two notes", `document.querySelectorAll("#rows tr").length === 2`)
	},
	"error": func(r *reader) {
		r.app.Wait("the new program", `!globalThis.isOld && document.querySelectorAll("#rows tr").length >= 2`)
		r.submit("When", "question")
		r.app.Wait("the error", `document.getElementById("message-text").textContent === "a question ends with a question mark"`)
	},
}

// add adds a note and waits until the page shows it.
func (r *reader) add(text, kind string) {
	r.t.Helper()
	r.submit(text, kind)
	r.app.Wait("the note "+text, fmt.Sprintf(`[...document.querySelectorAll("#rows .text")].some((e) => e.textContent === %q)`, text))
}

func (r *reader) submit(text, kind string) {
	r.t.Helper()
	r.app.Find("textbox", "Note").Fill(text)
	r.app.Eval(fmt.Sprintf(`document.getElementById("kind").value = %q`, kind), nil)
	r.app.Find("button", "Add").Click()
}
