package shape

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

func TestCheck(t *testing.T) {
	shapes := Parse(`
word: text(2..4)/^[a-z/]+$/
form: {name!:word size:<small large> ...}
closed: {name! n:integer(1..9)}
name: word
list: [word](1..2 unique)
map: {*:word names:word}(1..2)
patterns: {/^x-/:bool}
branches: {name one(url!:text | file!:text mode:<r>)}
some: {any(a!:bool | b!:bool) ...}
mixed: one(text | {name!} | {n!:number})
both: all({name! ...} & {n:number ...})
number: number(0..10)%0.5
title: label(1..5)
flags: {on:yes off:no}
free: {x!:any n:integer}
`)
	for _, c := range []struct{ shape, value, want string }{
		{"word", "ab", ""}, {"word", "a", "has 1 characters, fewer than 2"}, {"word", "abcde", "has 5 characters; Forge allows at most 4"},
		{"word", "日本", "refuses"}, {"word", "7", "must be a text, but is the number 7"}, {"word", "a/b", ""}, {"word", "", "must be a text, but is empty"},
		{"form", "{name: ab, x: 1}", ""}, {"form", "{size: small}", "it has no name"}, {"form", "{name: ab, size: big}", `size of it cannot be "big"`},
		{"form", "{name: ab, sizes: small}", `it has "sizes", which Forge ignores`}, {"form", "{name: ab, size: small, sizes: small}", ""},
		{"form", "[]", "must be a mapping, but is a list"},
		{"closed", "{name: ab, n: 3}", ""}, {"closed", "{name: ab, nane: 3}", `it cannot have "nane"`}, {"closed", "{name: ab, n: 1.5}", "must be a whole number"},
		{"closed", "{name: ab, n: 10}", "more than 9"}, {"closed", "{name: ab, ignored: 1}", ""},
		{"list", "[ab]", ""}, {"list", "[]", "needs at least one entry"}, {"list", "[ab, cd, ef]", "has 3 entries"}, {"list", "[ab, ab]", "there twice"},
		{"free", "{n: 1}", "it has no x"}, {"map", "{ab: cd}", ""}, {"map", "{}", "at least one entry"}, {"map", "{a: cd}", "name in it has 1 characters"}, {"map", "{ab: c}", "ab of it has 1 characters"},
		{"patterns", "{x-a: true}", ""}, {"patterns", "{x-a: 1}", "must be true or false"}, {"patterns", "{y: true}", `cannot have "y"`},
		{"branches", "{url: a}", ""}, {"branches", "{file: a, mode: r}", ""}, {"branches", "{}", "needs url or file"},
		{"branches", "{url: a, file: b}", "it"}, {"branches", "{url: a, mode: r}", `cannot have "mode"`}, {"branches", "{file: a, mode: w}", `cannot be "w"`},
		{"some", "{a: true, b: true}", ""}, {"some", "{c: 1}", "needs a or b"}, {"some", "{a: 1}", "must be true or false"},
		{"mixed", "x", ""}, {"mixed", "{name: ab}", ""}, {"mixed", "{n: 1}", ""}, {"mixed", "{name: a}", "fewer than 2"}, {"mixed", "true", "must be a text or a mapping"},
		{"both", "{name: ab, n: 1}", ""}, {"both", "{name: ab, n: x}", "must be a number"},
		{"number", "1.5", ""}, {"number", "1.2", "not a multiple of 0.5"}, {"number", "-1", "less than 0"}, {"number", "11", "more than 10"},
		{"title", "ab", ""}, {"title", "{i18n: a.b}", ""}, {"title", "{i18n: a b}", "refuses"}, {"title", "abcdef", "at most 5"}, {"title", "{text: a}", "no i18n"},
		{"flags", "{on: true, off: false}", ""}, {"flags", "{on: false}", "must be true, but is false"},
	} {
		doc, err := manifest.ParseDocument("f", []byte("v: "+c.value+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		faults := shapes[c.shape].Check(doc.Root.Get("v"), "it", func(name string) bool { return name == "ignored" })
		var got []string
		for _, f := range faults {
			got = append(got, f.Msg)
			if f.Line != 1 || f.Column != 1 && f.Column < 4 || f.Fix == "" || strings.HasSuffix(f.Fix, ", .") {
				t.Errorf("%s, %s: not a complete fault: %+v", c.shape, c.value, f)
			}
		}
		if all := strings.Join(got, "\n"); c.want == "" && all != "" || !strings.Contains(all, c.want) {
			t.Errorf("%s, %s: got %q, want %q", c.shape, c.value, all, c.want)
		}
	}
}

func TestParsePanicsAtMistakes(t *testing.T) {
	for _, text := range []string{"a: nope\n", "a: {b!\n", "a: <x\n", "a: text(1)\n", "a: any\na: any\n", "a: text/[/\n", "a b\n", "a: any any\n"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is accepted", text)
				}
			}()
			Parse(text)
		}()
	}
}

func TestNearest(t *testing.T) {
	names := []string{"jira:issuePanel", "jira:issueAction", "macro", "sql"}
	for text, want := range map[string]string{"jira:issuePanle": "jira:issuePanel", "macros": "macro", "Macro": "macro", "xyz": "", "sq": "sql", "": "", "jira": ""} {
		if got := Nearest(text, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestHas(t *testing.T) {
	s := Parse(`
module: {view edit:any(calls | all(shows & {inline:bool ...})) one(function! | resource! config:{size}) ...}
view: shows
shows: {resource! ...}
calls: {function! ...}
function: text
resource: text
size: text
`)["module"]
	for path, want := range map[string]bool{
		"view resource": true, "edit resource": true, "edit function": true, "config size": true, "resource": true,
		"edit": true, "edit other": false, "config resource": false, "other": false, "resource other": false,
	} {
		if got := s.Has(strings.Fields(path)...); got != want {
			t.Errorf("Has(%s) = %v", path, got)
		}
	}
}
