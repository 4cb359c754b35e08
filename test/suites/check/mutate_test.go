package check

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"testing"

	forge "github.com/forgego/forgego/internal/manifest"
)

// share is how many mutations there are for each that is tested. Which ones these are depends on their names only.
const share = 8

// mutation changes a value. It returns false if it does not fit the value.
type mutation struct {
	kind   string
	change func(*forge.Part) bool
}

var mutationsOfValues = []mutation{
	{"a text became a number", func(v *forge.Part) bool { return ifText(v, func() { v.Kind, v.Number = forge.Number, 7 }) }},
	{"a text became a list", func(v *forge.Part) bool {
		return ifText(v, func() { v.Kind, v.Items = forge.List, []*forge.Part{{Kind: forge.Text, Text: v.Text}} })
	}},
	{"a text became empty", func(v *forge.Part) bool { return ifText(v, func() { v.Text = "" }) }},
	{"a text became too long", func(v *forge.Part) bool {
		return ifText(v, func() { v.Text = strings.Repeat(v.Text, 12_000/len(v.Text)) })
	}},
	{"a text has other characters", func(v *forge.Part) bool { return ifText(v, func() { v.Text += " !" }) }},
	{"a text has a typing error", func(v *forge.Part) bool { return ifText(v, func() { v.Text += "x" }) }},
	{"a truth value became a text", func(v *forge.Part) bool {
		if v.Kind != forge.Bool {
			return false
		}
		v.Kind, v.Text = forge.Text, "maybe"
		return true
	}},
	{"a number became too large", func(v *forge.Part) bool {
		if v.Kind != forge.Number {
			return false
		}
		v.Number *= 1e6
		return true
	}},
	{"a list became empty", func(v *forge.Part) bool {
		if v.Kind != forge.List {
			return false
		}
		v.Items = nil
		return true
	}},
	{"an entry is there twice", func(v *forge.Part) bool {
		if v.Kind != forge.List || len(v.Items) == 0 {
			return false
		}
		v.Items = append(v.Items, v.Items[0])
		return true
	}},
	{"a mapping became a text", func(v *forge.Part) bool {
		if v.Kind != forge.Mapping {
			return false
		}
		v.Kind, v.Text = forge.Text, "text"
		return true
	}},
}

func ifText(v *forge.Part, change func()) bool {
	if v.Kind != forge.Text || v.Text == "" {
		return false
	}
	change()
	return true
}

// mutations returns manifests with one change each.
func mutations(t *testing.T, seed manifest) []manifest {
	t.Helper()
	doc, err := forge.ParseDocument("manifest.yml", []byte(seed.text))
	if err != nil {
		t.Fatalf("%s: %v", seed.name, err)
	}
	parse := func() *forge.Part { return clone(doc.Root) }
	var list []manifest
	add := func(root *forge.Part, kind, path string) {
		name := fmt.Sprintf("%s with %s: %s", seed.name, path, kind)
		h := fnv.New32a()
		h.Write([]byte(name))
		if h.Sum32()%share == 0 {
			list = append(list, manifest{name, kind, write(t, root)})
		}
	}
	for _, path := range paths(parse(), "") {
		for _, m := range mutationsOfValues {
			root := parse()
			if m.change(find(root, path)) {
				add(root, m.kind, path)
			}
		}
		up, last := cut(path)
		root := parse()
		if parent := find(root, up); parent.Kind == forge.Mapping {
			i := indexOf(parent, last)
			parent.Entries = append(parent.Entries[:i:i], parent.Entries[i+1:]...)
			add(root, "a member is missing", path)
			root = parse()
			parent = find(root, up)
			parent.Entries[i].Key += "x"
			add(root, "a member has a typing error", path)
			root = parse()
			find(root, up).Entries[i].Part = &forge.Part{}
			add(root, "a member has no value", path)
		}
	}
	return list
}

func clone(v *forge.Part) *forge.Part {
	c := *v
	c.Entries, c.Items = nil, nil
	for _, e := range v.Entries {
		c.Entries = append(c.Entries, forge.Entry{Key: e.Key, Part: clone(e.Part)})
	}
	for _, item := range v.Items {
		c.Items = append(c.Items, clone(item))
	}
	return &c
}

// paths returns the paths of all values below a value, such as "/modules/macro/0/key".
func paths(v *forge.Part, path string) (list []string) {
	for _, e := range v.Entries {
		list = append(list, path+"/"+e.Key)
		list = append(list, paths(e.Part, path+"/"+e.Key)...)
	}
	for i, item := range v.Items {
		list = append(list, fmt.Sprintf("%s/%d", path, i))
		list = append(list, paths(item, fmt.Sprintf("%s/%d", path, i))...)
	}
	return list
}

func cut(path string) (up, last string) {
	i := strings.LastIndex(path, "/")
	return path[:i], path[i+1:]
}

func indexOf(v *forge.Part, key string) int {
	for i, e := range v.Entries {
		if e.Key == key {
			return i
		}
	}
	return -1
}

func find(v *forge.Part, path string) *forge.Part {
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		switch {
		case path == "":
		case v.Kind == forge.List:
			var i int
			fmt.Sscan(name, &i)
			v = v.Items[i]
		default:
			v = v.Get(name)
		}
	}
	return v
}

// write returns a value as JSON with a line for each value, which is YAML too.
func write(t *testing.T, v *forge.Part) string {
	t.Helper()
	var b strings.Builder
	var value func(v *forge.Part, indent string)
	value = func(v *forge.Part, indent string) {
		inner := indent + "  "
		separator := "\n"
		switch v.Kind {
		case forge.Mapping:
			b.WriteString("{")
			for _, e := range v.Entries {
				key, _ := json.Marshal(e.Key)
				b.WriteString(separator + inner + string(key) + ": ")
				value(e.Part, inner)
				separator = ",\n"
			}
			b.WriteString("\n" + indent + "}")
		case forge.List:
			b.WriteString("[")
			for _, item := range v.Items {
				b.WriteString(separator + inner)
				value(item, inner)
				separator = ",\n"
			}
			b.WriteString("\n" + indent + "]")
		default:
			text, err := json.Marshal(map[forge.Kind]any{forge.Null: nil, forge.Bool: v.Bool, forge.Number: v.Number, forge.Text: v.Text}[v.Kind])
			if err != nil {
				t.Fatal(err)
			}
			b.Write(text)
		}
	}
	value(v, "")
	return b.String() + "\n"
}
